export const PatientPage = ({ name }: { readonly name: string }) => <main class="state">{name}</main>;
