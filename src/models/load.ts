// Loads the imaging models below models/ that can be trusted, beside those that were refused and why.
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { CareError } from '#kernel/errors.ts';
import { contradictions } from './consistency.ts';
import { modelErrors } from './errors.ts';
import { makeModel, type Model, readModelFile } from './model.ts';
import { standInFor } from './stand-in.ts';
import { calibrationSchema, goldenSchema, modelSchema, repeatabilitySchema, similaritySchema } from './schema.ts';

export interface RefusedModel {
  /** Name of the folder. */
  readonly folder: string;
  readonly code: string;
  readonly reason: string;
  /** What the folder declares, where only its weights are at fault: it names its findings, and never runs. */
  readonly model?: Model;
}

export interface LoadedModels {
  readonly models: readonly Model[];
  readonly refused: readonly RefusedModel[];
}

async function readJson<Value>(file: string, schema: z.ZodType<Value>): Promise<Value> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw modelErrors.error('unreadable', { field: basename(file), reason: `${basename(file)} cannot be read`, cause });
  });
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const [issue] = cause instanceof z.ZodError ? cause.issues : [];
    const reason = issue === undefined ? 'no JSON' : `${issue.path.join('.')}: ${issue.message}`;
    throw modelErrors.error('bad-manifest', { field: basename(file), reason: `${basename(file)}: ${reason}`, cause });
  }
}

const isThere = async (file: string): Promise<boolean> => (await stat(file).catch(() => undefined)) !== undefined;

/** What a folder may leave out: nothing is claimed that was not measured. */
const readMeasured = async <Value>(file: string, schema: z.ZodType<Value>): Promise<Value | undefined> =>
  (await isThere(file)) ? readJson(file, schema) : undefined;

async function readDeclared(folder: string, described: string): Promise<Model> {
  const root = resolve(folder);
  const place = resolve(described);
  const manifest = await readJson(join(place, 'model.json'), modelSchema);
  const calibration = await readJson(join(place, 'calibration.json'), calibrationSchema);
  const golden = await readJson(join(place, 'golden.json'), goldenSchema);
  const repeatability = await readMeasured(join(place, 'repeatability.json'), repeatabilitySchema);
  const similarity = await readMeasured(join(place, 'similarity.json'), similaritySchema);
  const parts = {
    manifest,
    calibration,
    golden,
    ...(repeatability !== undefined && { repeatability }),
    ...(similarity !== undefined && { similarity }),
  };
  const wrong = contradictions({ folderName: basename(root), ...parts });
  if (place !== root && manifest.version !== basename(place))
    wrong.push(`version ${manifest.version} in a folder named ${basename(place)}`);
  if (wrong.length > 0) throw modelErrors.error('not-consistent', { field: manifest.id, reason: wrong.join('; ') });
  return makeModel(parts, root);
}

async function checkWeights(model: Model): Promise<void> {
  for (const { precision } of model.manifest.files) await readModelFile(model.file(precision));
}

/**
 * Reads and checks one version: schemas, the files against each other, preprocessing against its record, SHA-256 and size
 * of every file of weights. Nothing is run yet: that is the engine's part. `described` is where its JSON files lie: the folder itself, or
 * the folder of the version. Throws CareError of the room `models`.
 */
export async function loadModel(folder: string, described = folder): Promise<Model> {
  const model = await readDeclared(folder, described);
  await checkWeights(model);
  return model;
}

const anyKind = z.object({ kind: z.string() });

/** Other kinds of model may live beside ours; a model.json without a readable kind is ours to refuse. */
async function isOurs(folder: string): Promise<boolean> {
  const file = join(folder, 'model.json');
  if (!(await isThere(file))) return false;
  const declared = await readJson(file, anyKind).catch(() => ({ kind: 'cxr-classifier' }));
  return declared.kind === 'cxr-classifier';
}

/**
 * The one that reads films; the others only lie beside it. Throws CareError `models.unknown-model`, whose reason names the folders that
 * were found, or why the one that was meant is refused.
 */
export function modelNamed({ models, refused }: LoadedModels, id: string): Model {
  const refusal = refused.find(({ folder }) => folder === id);
  const model = models.find(({ manifest }) => manifest.id === id);
  // Where the files of the model itself are refused, another of its versions must not read in its place unasked.
  if (model !== undefined && refusal === undefined) return model;
  if (refusal !== undefined)
    throw modelErrors.error('unknown-model', { reason: `the model is refused: ${refusal.code}: ${refusal.reason}` });
  const found = models.map(({ manifest }) => manifest.id).join(', ');
  throw modelErrors.error('unknown-model', {
    reason: `no imaging model of this name; there is ${found === '' ? 'none' : found}`,
  });
}

/** As `modelNamed`, for a service that has other work: where there is no model to be had, what stands in its place and says why. */
export function modelOrStandIn(loaded: LoadedModels, id: string): Model {
  try {
    return loaded.refused.find(({ folder }) => folder === id)?.model ?? modelNamed(loaded, id);
  } catch (fault) {
    if (!(fault instanceof CareError)) throw fault;
    return standInFor(id, fault);
  }
}

/** A version that describes itself, `<id>/<number>/`: a folder with only weights is told of by the files beside it. */
async function versionFolders(folder: string): Promise<readonly string[]> {
  const numbers = (await readdir(folder).catch(() => [])).filter((name) => /^[0-9]+$/.test(name));
  const described = await Promise.all(numbers.map((number) => isThere(join(folder, number, 'calibration.json'))));
  return numbers.filter((_, index) => described[index]).sort((a, b) => Number(b) - Number(a));
}

/**
 * The versions of one model: first the one that its own files describe, then those that describe themselves, the newest first. A bad one
 * is refused with its reason and does not stop the others; so is one that says the number of another.
 */
export async function loadVersions(folder: string): Promise<LoadedModels> {
  const models: Model[] = [];
  const refused: RefusedModel[] = [];
  const name = basename(folder);
  const places = (await isOurs(folder)) ? [{ folder: name, described: folder }] : [];
  for (const number of await versionFolders(folder))
    places.push({ folder: `${name}/${number}`, described: join(folder, number) });
  for (const place of places) {
    let declared: Model | undefined;
    try {
      declared = await readDeclared(folder, place.described);
      const { version } = declared.manifest;
      if (models.some(({ manifest }) => manifest.version === version))
        throw modelErrors.error('not-consistent', { reason: `version ${version} is described twice` });
      await checkWeights(declared);
      models.push(declared);
    } catch (error) {
      if (!(error instanceof CareError)) throw error;
      const { code, reason } = error;
      refused.push({ folder: place.folder, code, reason, ...(declared !== undefined && { model: declared }) });
    }
  }
  return { models, refused };
}

/** Every imaging model in the folder, by name, each with its versions. */
export async function loadModels(folder: string): Promise<LoadedModels> {
  const names = (await readdir(folder).catch(() => [])).sort();
  const loaded: LoadedModels[] = [];
  for (const name of names) loaded.push(await loadVersions(join(folder, name)));
  return {
    models: loaded.flatMap(({ models }) => models),
    refused: loaded.flatMap(({ refused }) => refused),
  };
}
