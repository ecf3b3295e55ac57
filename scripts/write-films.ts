// Writes N small phantom films, each a study of its own: `node scripts/write-films.ts FOLDER N`. For the checks against real peers.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDicom } from '#dicom/read/parse.ts';
import { readTags } from '#dicom/read/tags.ts';
import { morning } from '#phantom-cxr/morning.ts';

const [folder, wanted] = process.argv.slice(2);
const count = Number(wanted);
if (folder === undefined || !Number.isSafeInteger(count) || count < 1) {
  process.stderr.write('usage: node scripts/write-films.ts FOLDER N\n');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });

async function* films(): AsyncGenerator<Uint8Array> {
  for (let seed = 1; ; seed += 1)
    for await (const { bytes, findings } of morning(seed, { size: 256 })) if (findings !== undefined) yield bytes;
}

const seen = new Set<string>();
for await (const bytes of films()) {
  const { studyInstanceUid } = readTags(parseDicom(Buffer.from(bytes)));
  if (seen.has(studyInstanceUid)) continue;
  seen.add(studyInstanceUid);
  writeFileSync(join(folder, `${String(seen.size).padStart(3, '0')}.dcm`), bytes);
  if (seen.size === count) break;
}
