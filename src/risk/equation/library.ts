// Opens the equations below models/: those that reproduce their golden outputs are served, the others are refused with the reason (law 4).
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CareError } from '#kernel/errors.ts';
import { sha256Hex } from '#kernel/ids.ts';
import { openSmallSession, type SmallSession } from '#inference/engine/small-session.ts';
import { readEquation, type Equation } from './equation.ts';
import { riskErrors } from '#risk/errors.ts';
import type { Columns } from '#risk/input/sample.ts';
import { goldenDistance, goldenInputs, goldenSchema, tensorNames } from './golden.ts';

export interface ServedEquation {
  readonly equation: Equation;
  readonly modelSha256: string;
  /** Of any golden output from its record, relative to max(1, |value|), and how much is allowed. */
  readonly golden: { readonly difference: number; readonly tolerance: number };
  /** Columns by input name, NaN for absent; out come `out_…` and `cat_…` columns. */
  run(columns: Columns): Promise<Columns>;
}

export interface RefusedEquation {
  readonly folder: string;
  readonly code: string;
  readonly reason: string;
}

export interface RiskLibrary {
  /** By equation id, in alphabetical order. */
  readonly equations: ReadonlyMap<string, ServedEquation>;
  readonly refused: readonly RefusedEquation[];
  /** A site's own code (`code` or `system|code`) → LOINC. */
  readonly siteCodes?: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

export const FOLDER_PREFIX = 'risk-';

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw riskErrors.error('bad-equation', { field: file, reason: 'the file cannot be read', cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw riskErrors.error('bad-equation', { field: file, reason: 'the file is no JSON', cause });
  }
}

/** Throws CareError `risk.golden-differs` or `risk.bad-equation`. */
async function openEquation(folder: string): Promise<ServedEquation & { readonly session: SmallSession }> {
  const equation = readEquation(await readJson(join(folder, 'equation.json')));
  const golden = goldenSchema.safeParse(await readJson(join(folder, 'golden.json')));
  if (!golden.success)
    throw riskErrors.error('bad-equation', { field: 'golden.json', reason: 'does not fit its schema' });
  const { id, version } = equation.data;
  if (!folder.endsWith(`${FOLDER_PREFIX}${id}`)) {
    throw riskErrors.error('bad-equation', { field: 'id', reason: `${id} lies in a folder of another name` });
  }
  const model = await readFile(join(folder, version, 'model.onnx')).catch((cause: unknown) => {
    throw riskErrors.error('bad-equation', { field: 'model.onnx', reason: 'the graph was not built', cause });
  });
  const modelSha256 = sha256Hex(model);
  if (modelSha256 !== golden.data.modelSha256) {
    throw riskErrors.error('golden-differs', {
      field: id,
      reason: 'model.onnx is not the graph that golden.json names',
    });
  }
  const session = await openSmallSession(model).catch((cause: unknown) => {
    throw riskErrors.error('bad-equation', { field: 'model.onnx', reason: 'the graph cannot be opened', cause });
  });
  const names = new Set([...session.inputNames, ...session.outputNames]);
  const missing = [...equation.inputs.keys(), ...tensorNames(equation)].find((name) => !names.has(name));
  if (missing !== undefined) {
    throw riskErrors.error('golden-differs', { field: missing, reason: `the graph of ${id} has no ${missing}` });
  }
  const distance = goldenDistance(golden.data, await session.run(goldenInputs(golden.data)));
  if (distance > 1) {
    throw riskErrors.error('golden-differs', {
      field: id,
      reason: `${id} is ${distance} tolerances off its golden outputs`,
    });
  }
  const { tolerance } = golden.data;
  return { equation, modelSha256, golden: { difference: distance * tolerance, tolerance }, session, run: session.run };
}

/** Never throws for one bad folder: the others are served. */
export async function openRiskLibrary(modelsFolder: string): Promise<RiskLibrary> {
  const folders = (await readdir(modelsFolder).catch(() => [])).filter((name) => name.startsWith(FOLDER_PREFIX)).sort();
  const equations = new Map<string, ServedEquation>();
  const sessions: SmallSession[] = [];
  const refused: RefusedEquation[] = [];
  for (const folder of folders) {
    try {
      const opened = await openEquation(join(modelsFolder, folder));
      sessions.push(opened.session);
      equations.set(opened.equation.data.id, opened);
    } catch (error) {
      if (!(error instanceof CareError)) throw error;
      refused.push({ folder, code: error.code, reason: error.reason });
    }
  }
  return {
    equations,
    refused,
    async close() {
      await Promise.all(sessions.map((session) => session.close()));
    },
  };
}
