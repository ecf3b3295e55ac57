// Prints the tables of docs/dicom-conformance.md from the code: `node scripts/dicom-conformance.ts`. A test fails when they are not current.
import { conformanceTables } from '#interop/dimse/conformance.ts';

process.stdout.write(`${conformanceTables()}\n`);
