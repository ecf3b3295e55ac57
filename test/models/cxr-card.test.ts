// The committed card speaks of the committed weights and says what was measured: otherwise this fails.
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { calibrationSchema, modelSchema } from '#models/schema.ts';

const figure = z.object({
  source: z.string(),
  finding: z.string(),
  metric: z.string(),
  value: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
});
const cardSchema = z.object({
  model: z.object({ id: z.string(), version: z.string(), files: z.array(z.object({ sha256: z.string() })) }),
  calibration: z.object({ version: z.string() }),
  performance: z.object({ sha256: z.record(z.string(), z.string()), test: z.object({ figures: z.array(figure) }) }),
});

const readFrom =
  (folder: string) =>
  async <Value>(file: string, schema: z.ZodType<Value>): Promise<Value> =>
    schema.parse(JSON.parse(await readFile(`${folder}/${file}`, 'utf8')));

describe.each(['cxr-findings', 'cxr-findings-tiny'])('the card of %s', (id) => {
  const folder = `models/${id}`;
  const read = readFrom(folder);

  test('was measured on exactly the weights that ship', async () => {
    const manifest = await read('model.json', modelSchema);
    const card = await read('card.json', cardSchema);
    expect(card.model.version).toBe(manifest.version);
    expect(card.performance.sha256).toEqual(
      Object.fromEntries(manifest.files.map(({ precision, sha256 }) => [precision, sha256])),
    );
  });

  test('was measured with the calibration that ships', async () => {
    const card = await read('card.json', cardSchema);
    const calibration = await read('calibration.json', calibrationSchema);
    expect(card.calibration.version).toBe(calibration.version);
  });

  test('prints every area under the curve of the summary as it was measured', async () => {
    const card = await read('card.json', cardSchema);
    const text = await readFile(`${folder}/card.md`, 'utf8');
    const areas = card.performance.test.figures.filter(
      ({ source, metric, value }) => source === 'nih' && metric === 'auroc' && value !== null,
    );
    expect(areas.length).toBeGreaterThan(5);
    for (const { finding, value, lower, upper } of areas) {
      const spelled = `${value?.toFixed(3)} (${lower?.toFixed(3)} to ${upper?.toFixed(3)})`;
      expect(text, finding).toContain(spelled);
    }
  });
});
