// Vectors of other people's implementations, row by row through the HTTP API: every equation within its tolerance.
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CareError } from '#kernel/errors.ts';
import { checkVectors, type Ask } from '#risk/check/check.ts';
import { csvRecords } from '#risk/table/csv.ts';
import { startRiskService, type RiskService } from './service.ts';

const FOLDER = '../shared/risk/vectors';
const present = existsSync(FOLDER);
const files = present ? readdirSync(FOLDER).filter((name) => name.endsWith('.csv')) : [];

/** Rows of persons younger than the calculators admit: the source's own note says that some vectors are. */
const REFUSED: Readonly<Record<string, number>> = { pcptrc2: 7 };

describe.skipIf(!present)('published vectors (../shared/risk is not here: skipped)', () => {
  let service: RiskService;
  beforeAll(async () => {
    service = await startRiskService();
  });
  afterAll(() => service.close());

  const ask: Ask = async (equationId, inputs) => {
    const answer = await service.app.inject({
      method: 'POST',
      url: '/v1/risk/assess',
      headers: { host: '127.0.0.1' },
      payload: { equations: [equationId], inputs, explain: false },
    });
    const body = answer.json();
    if (answer.statusCode !== 200) throw new CareError(body.code, body);
    return body.results[0];
  };

  test.each(files)('%s', async (file) => {
    const id = file.replace('.csv', '');
    const { equation } = service.room.library.equations.get(id)!;
    const report = await checkVectors(equation, csvRecords(createReadStream(`${FOLDER}/${file}`, 'utf8')), ask);
    expect(report).toMatchObject({ failures: [], failed: 0, refused: REFUSED[id] ?? 0 });
    expect(report.passed + report.refused).toBe(report.rows);
    expect(report.rows).toBeGreaterThan(0);
  });
});
