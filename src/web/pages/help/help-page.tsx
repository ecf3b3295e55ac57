export const HelpPage = ({ name }: { readonly name: string }) => <main class="state">{name}</main>;
