// Writes SR, SEG and Secondary Capture of invented readings of phantom films, for the programs of others that judge them:
// `node scripts/write-results.ts FOLDER`. Beside each set lies `N.json` with the numbers that a reader must give back.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDicom } from '#dicom/read/parse.ts';
import { readTags } from '#dicom/read/tags.ts';
import type { ResultObject } from '#dicom/write/result-object.ts';
import { resultObjects } from '#interop/dicom-model/result-objects.ts';
import { morning } from '#phantom-cxr/morning.ts';
import { inlinePictures } from '#preread/read/film-images.ts';
import { assessedReading, evidence, titleOf } from '../test/fixtures/assessed.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: node scripts/write-results.ts FOLDER\n');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });

const nameOf = (count: number, { kind }: ResultObject): string => `${count}-${kind}.dcm`;

let count = 0;
for await (const { bytes, findings } of morning(1, { size: 300 })) {
  if (findings === undefined) continue;
  count += 1;
  const film = Buffer.from(bytes);
  const tags = readTags(parseDicom(film));
  const reading = assessedReading({ studyUid: tags.studyInstanceUid, sopInstanceUid: tags.sopInstanceUid });
  // Every third one without maps: then there is no SEG.
  const maps = new Map(
    count % 3 === 0
      ? []
      : ([
          ['Effusion', await evidence(64, 60, [16, 40])],
          ['Nodule', await evidence(64, 60, [44, 20])],
        ] as const),
  );
  const objects = await resultObjects(
    { reading, film, maps, ...(count % 2 === 0 && { predecessor: `${reading.id.slice(0, -1)}0` }) },
    { title: titleOf, pictures: inlinePictures },
  );
  for (const object of objects) writeFileSync(join(folder, nameOf(count, object)), object.bytes);
  const probabilities = Object.fromEntries(
    reading.findings.map(({ code, probability }) => [titleOf({}, code).en, probability]),
  );
  const { studyInstanceUid, sopInstanceUid, patientId, rows, columns } = tags;
  writeFileSync(
    join(folder, `${count}.json`),
    JSON.stringify({
      studyInstanceUid,
      sopInstanceUid,
      patientId,
      rows,
      columns,
      probabilities,
      maps: [...maps.keys()],
    }),
  );
}
process.stderr.write(`${count} readings\n`);
