// Siblings of the cases after public bug reports, through one running service.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CaseRunner, openCaseRunner } from './his/run.ts';
import { DOOR_SIBLINGS } from './his/door-siblings.ts';
import { SIBLINGS } from './his/siblings.ts';

let runner: CaseRunner;
let folder: string;

describe('siblings of the hospital’s side', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'haidang-siblings-'));
    const indicators = join(folder, 'indicators.json');
    writeFileSync(indicators, JSON.stringify({ 'GL-CREA': '2160-0' }));
    runner = await openCaseRunner(indicators);
  }, 180_000);
  afterAll(async () => {
    await runner.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.for([...SIBLINGS, ...DOOR_SIBLINGS])('$kind $id: $says', async (one) => {
    const faults = await runner.faultsIn(one);
    expect(faults.join('\n')).toBe('');
  });
});
