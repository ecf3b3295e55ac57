// The computed exit: who passes, and what stands against it. The areas and intervals themselves are proven in test/research/statistics.
import { expect, test } from 'vitest';
import { casesOf, type ExitCases, exitOf } from '#promotion/exit.ts';
import { reportCases, type TrialReport } from '#promotion/report.ts';
import { judgeStep, liveOf, needsExit, stageOf } from '#promotion/stages.ts';

const logit = (p: number): number => Math.log(p / (1 - p));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** `n` films, a truth that the probability foretells, and a score that is `noise` away from it. Deterministic. */
function cases(n: number, { shift = 0, slope = 1, noise = 0 }, finding = 'Effusion'): ExitCases {
  const rows = Array.from({ length: n }, (_, at) => {
    const p = 0.02 + (0.96 * ((at * 37) % n)) / n;
    const present = ((at * 7919) % 1000) / 1000 < p;
    const off = noise * Math.sin(at * 12.9898) * 3;
    return { p, present, candidate: sigmoid(slope * (logit(p) + off) + shift) };
  });
  return {
    finding,
    source: 'films',
    patients: rows.map((_, at) => `p${at}`),
    present: rows.map(({ present }) => present),
    candidate: rows.map(({ candidate }) => candidate),
    live: rows.map(({ p }) => p),
    beyondCalibration: 0,
  };
}
const rules = { margin: 0.05, findings: ['Effusion'], untested: [] };

test('a model that ranks as the live one does and whose probabilities hold passes', () => {
  const exit = exitOf([cases(600, {})], rules);
  expect(exit.against).toEqual([]);
  expect(exit).toMatchObject({ passed: true, findings: [{ difference: 0, notInferior: true, calibrated: true }] });
});

test('a prevalence of its own moves no verdict, probabilities that are too extreme do', () => {
  expect(exitOf([cases(600, { shift: -2 })], rules).passed).toBe(true);
  const extreme = exitOf([cases(600, { slope: 3 })], rules);
  expect(extreme.passed).toBe(false);
  expect(extreme.against).toEqual([expect.stringContaining('Effusion (films): calibration slope 0.3')]);
});

test('a model that ranks worse does not pass, and the margin decides how much worse', () => {
  const worse = cases(600, { noise: 1 });
  const exit = exitOf([worse], rules);
  expect(exit.findings[0]).toMatchObject({ notInferior: false });
  expect(exit.against[0]).toContain('the AUROC may be lower by more than 0.05');
  expect(exit.findings[0]?.difference).toBeLessThan(-0.05);
  const [figure] = exit.findings;
  expect(exitOf([worse], { ...rules, margin: 0.001 - (figure?.lower ?? 0) }).findings[0]?.notInferior).toBe(true);
});

test('a finding that the films do not test stands against it, unless the approver names it; never all of them', () => {
  const findings = ['Effusion', 'Mass'];
  const untested = exitOf([cases(600, {})], { ...rules, findings });
  expect(untested.against).toEqual([expect.stringContaining('Mass: not tested, 0 of 0 films have it')]);
  expect(exitOf([cases(600, {})], { ...rules, findings, untested: ['Mass'] }).passed).toBe(true);
  expect(exitOf([], { ...rules, untested: ['Effusion'] }).against).toEqual(['no finding could be tested']);
});

test('one source of two that is worse stands against it: sources are not pooled', () => {
  const bad = { ...cases(600, { noise: 1 }), source: 'others' };
  expect(exitOf([cases(600, {}), bad], rules).against).toEqual([
    expect.stringContaining('Effusion (others): the AUROC'),
    expect.stringContaining('Effusion (others): calibration slope'),
  ]);
});

test('films beyond its calibration stand against it', () => {
  const exit = exitOf([{ ...cases(600, {}), beyondCalibration: 31 }], rules);
  expect(exit.against).toEqual(['Effusion (films): 5.2 % of films lie beyond its calibration']);
});

test('films of one patient are not counted as independent', () => {
  const alone = cases(600, { noise: 0.4 });
  const together = { ...alone, patients: alone.patients.map((_, at) => `p${at % 60}`) };
  const width = (each: ExitCases): number => {
    const [figure] = exitOf([each], rules).findings;
    return (figure?.upper ?? 0) - (figure?.lower ?? 0);
  };
  expect(width(together)).not.toBeCloseTo(width(alone), 6);
});

test('confirmed cases come apart by finding', () => {
  const one = { patient: 'p', present: true, candidate: 0.7, live: 0.6, beyondCalibration: true };
  expect(
    casesOf([
      { ...one, finding: 'Mass' },
      { ...one, finding: 'Effusion', present: false },
    ]),
  ).toEqual([
    {
      finding: 'Mass',
      source: 'confirmed',
      patients: ['p'],
      present: [true],
      candidate: [0.7],
      live: [0.6],
      beyondCalibration: 1,
    },
    {
      finding: 'Effusion',
      source: 'confirmed',
      patients: ['p'],
      present: [false],
      candidate: [0.7],
      live: [0.6],
      beyondCalibration: 1,
    },
  ]);
});

const model = (modelId: string) => ({ modelId, modelVersion: '1', sha256: 'a'.repeat(64), calibration: 'c1' });
const report: TrialReport = {
  format: 'haidang-model-trial',
  madeAt: '2026-03-01T00:00:00.000Z',
  program: 'haidang',
  candidate: model('new'),
  live: model('old'),
  dataset: { id: 'd', split: 'all', splitSha256: 'x', films: 1 },
  findings: [
    {
      finding: 'Mass',
      source: 'd',
      patients: ['p'],
      present: [1],
      candidate: [0.5],
      live: [0.5],
      beyondCalibration: 0,
    },
  ],
};

test('a report of other weights or another calibration is of no use, nor one whose columns differ', () => {
  expect(reportCases(report, report)).toMatchObject([{ present: [true] }]);
  const other = { ...report, candidate: { ...model('new'), sha256: 'b'.repeat(64) } };
  expect(() => reportCases(other, report)).toThrow(/candidate: sha256 bbb/);
  expect(() => reportCases({ ...report, live: { ...model('old'), calibration: 'c2' } }, report)).toThrow(
    /calibration c2/,
  );
  const [first] = report.findings;
  const short = { ...report, findings: [{ ...first!, live: [] }] };
  expect(() => reportCases(short, report)).toThrow(/columns differ in length/);
});

test('the ways that are open, and the one that only the settings name', () => {
  const old = { modelId: 'old', modelVersion: '1' };
  const fresh = { modelId: 'new', modelVersion: '2' };
  expect(stageOf(old, [], old).stage).toBe('live');
  expect(stageOf(fresh, [], old)).toEqual({ stage: 'draft', wasLive: false });
  const now = { since: '', setBy: 'a', wasLive: true };
  const promoted = [
    { ...fresh, ...now, stage: 'live' as const },
    { ...old, ...now, stage: 'retired' as const },
  ];
  expect(liveOf(promoted, old)).toMatchObject(fresh);
  expect(stageOf(old, promoted, old).stage).toBe('retired');
  // The folder holds another version than the one that was promoted.
  expect(stageOf({ ...fresh, modelVersion: '3' }, promoted, old).stage).toBe('draft');
  expect(() => judgeStep({ stage: 'live', wasLive: true }, 'retired')).toThrow(/another model must take its place/);
  expect(() => judgeStep({ stage: 'retired', wasLive: false }, 'live')).toThrow(/may become draft, silent/);
  expect(needsExit({ stage: 'retired', wasLive: true }, 'live')).toBe(false);
  expect(needsExit({ stage: 'silent', wasLive: false }, 'live')).toBe(true);
  expect(needsExit({ stage: 'draft', wasLive: false }, 'silent')).toBe(false);
});
