export const AlertsPage = ({ name }: { readonly name: string }) => <main class="state">{name}</main>;
