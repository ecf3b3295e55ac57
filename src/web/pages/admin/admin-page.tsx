export const AdminPage = ({ name }: { readonly name: string }) => <main class="state">{name}</main>;
