export const StudyPage = ({ name }: { readonly name: string }) => <main class="state">{name}</main>;
