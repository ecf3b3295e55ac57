// Writes the readable films of the demo's morning as DICOM files: `node scripts/write-morning.ts FOLDER`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { morning } from '#phantom-cxr/morning.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: node scripts/write-morning.ts FOLDER\n');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
for await (const { name, bytes, findings } of morning(1, { size: 256 })) {
  if (findings !== undefined) writeFileSync(join(folder, name), bytes);
}
