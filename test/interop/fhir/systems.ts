// The identifier systems of the tests' site.
import { identifierSystems } from '#interop/fhir/systems.ts';

export const PUBLIC_URL = 'https://cds.benhvien.example';
export const systems = identifierSystems({}, PUBLIC_URL);
