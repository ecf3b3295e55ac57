import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRiskService, type RiskService } from './service.ts';

let service: RiskService;
let port: number;
beforeAll(async () => {
  service = await startRiskService();
  await service.app.listen({ host: '127.0.0.1', port: 0 });
  port = (service.app.server.address() as AddressInfo).port;
});
afterAll(() => service.close());

const person = { age: 62, sex: 'male', smoker: true, sbp: 150, bmi: 24 };
const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

interface Lines {
  readonly status: number;
  readonly lines: readonly Record<string, unknown>[];
}

/** Sends and reads at the same time, as a stream wants. */
const send = (path: string, pieces: Iterable<string>): Promise<Lines> =>
  new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, path, method: 'POST', headers: { 'content-type': 'application/x-ndjson' } },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (piece: string) => {
          text += piece;
        });
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            lines: text
              .trim()
              .split('\n')
              .map((one) => JSON.parse(one)),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    for (const piece of pieces) outgoing.write(piece);
    outgoing.end();
  });

const PATH = '/v1/risk/cohort?equation=who_cvd_2019_nonlab_sea';

describe('POST /v1/risk/cohort', () => {
  test('answers every row in order, the bad ones too, and ends with the counts', async () => {
    const { status, lines } = await send(PATH, [
      line({ id: 'a', inputs: person }),
      '{"id":"b", broken\n',
      line({ id: 'c', inputs: { ...person, sbp: '150' } }),
      line({ id: 'd', inputs: { ...person, age: 80 } }),
      line({ id: 'e', inputs: { age: 62, sex: 'male' } }),
      line({ id: 'f', inputs: person, extra: 1 }),
      line({ id: 'g', inputs: { ...person, smoker: false } }),
    ]);
    expect(status).toBe(200);
    // The published cells of a man of 60 to 64, 140 to 159 mmHg, BMI 20 to 24.
    expect(lines.slice(0, -1)).toEqual([
      { row: 1, id: 'a', outcome: 'assessed', outputs: { risk: 15 }, category: 'high' },
      { row: 2, id: null, outcome: 'rejected', reasons: [{ code: 'risk.bad-row', field: 'line' }] },
      { row: 3, id: 'c', outcome: 'rejected', reasons: [{ code: 'risk.bad-input', field: 'inputs.sbp' }] },
      { row: 4, id: 'd', outcome: 'not-assessed', reasons: [{ code: 'risk.out-of-range', field: 'age' }] },
      {
        row: 5,
        id: 'e',
        outcome: 'not-assessed',
        reasons: ['smoker', 'sbp', 'bmi'].map((field) => ({ code: 'risk.needs-input', field })),
      },
      { row: 6, id: null, outcome: 'rejected', reasons: [{ code: 'risk.bad-row', field: 'extra' }] },
      { row: 7, id: 'g', outcome: 'assessed', outputs: { risk: 10 }, category: 'high' },
    ]);
    expect(lines.at(-1)).toEqual({
      kind: 'end',
      equation: 'who_cvd_2019_nonlab_sea',
      assessed: 2,
      notAssessed: 2,
      rejected: 3,
    });
  });

  test('lines cut anywhere are put together, and numbering goes on after a break', async () => {
    const text = line({ id: 'x', inputs: person }) + line({ id: 'y', inputs: person });
    const pieces = Array.from({ length: Math.ceil(text.length / 7) }, (_, at) => text.slice(at * 7, at * 7 + 7));
    const { lines } = await send(`${PATH}&firstRow=501`, pieces);
    expect(lines.slice(0, 2)).toMatchObject([
      { row: 501, id: 'x' },
      { row: 502, id: 'y' },
    ]);
  });

  test('twenty thousand rows pass through as a stream', async () => {
    const many = Array.from({ length: 200 }, () => line({ inputs: person }).repeat(100));
    const { lines } = await send(PATH, many);
    expect(lines).toHaveLength(20_001);
    expect(lines.at(-1)).toMatchObject({ assessed: 20_000 });
  });

  test('a line without end is answered as too long and does not fill the memory', async () => {
    const { lines } = await send(PATH, [...Array<string>(50).fill('x'.repeat(10_000)), '\n', line({ inputs: person })]);
    expect(lines[0]).toMatchObject({ row: 1, outcome: 'rejected', reasons: [{ code: 'risk.bad-row' }] });
    expect(lines[1]).toMatchObject({ row: 2, outcome: 'assessed' });
  });

  test('an unknown equation is refused before anything is read', async () => {
    const answer = await send('/v1/risk/cohort?equation=nothing', [line({ inputs: person })]);
    expect(answer).toMatchObject({ status: 404, lines: [{ code: 'risk.unknown-equation', field: 'equation' }] });
  });
});
