// `haidang preread FILE…`: films on disk are read without a server; a line of JSON per study, or a table and heatmaps for a person.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, extname, join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { systemClock } from '#kernel/clock.ts';
import { CareError, type Language } from '#kernel/errors.ts';
import type { Reading } from '#kernel/finding.ts';
import type { GrayFrame } from '#kernel/frame.ts';
import { sha256Hex } from '#kernel/ids.ts';
import { defaultPolicy } from '#alerts/policy/policy.ts';
import { percent } from '#messages/short-text.ts';
import { type Config, readConfig } from '#service/config.ts';
import { configErrors } from '#service/errors.ts';
import { overlayRgba } from '#explanation/heatmap.ts';
import { LOCAL_FACILITY } from '#access/identity.ts';
import { encodeRgbaPng } from '#image/picture.ts';
import { startEngine } from '#inference/engine/start-engine.ts';
import { say } from '#messages/say.ts';
import { loadModels, modelNamed } from '#models/load.ts';
import type { Model } from '#models/model.ts';
import { openImage } from '#preread/intake/image-facts.ts';
import { inlinePictures } from '#preread/read/film-images.ts';
import { specFor } from '#preread/read/prepare.ts';
import { type ExplainedResult, type ReadDeps, explainStudy } from '#preread/read/read-study.ts';
import type { ExplainDeps } from '#preread/explain/heatmaps.ts';
import type { Declared, Study } from '#preread/choose/candidate-images.ts';
import { resolveUserPath, userFolder } from '#cli/paths.ts';

interface Options {
  readonly json?: boolean;
  readonly out?: string;
  readonly model?: string;
  readonly lang: Language;
  readonly age?: number;
  readonly sex?: string;
  readonly view?: string;
}

interface StudyFiles extends Study {
  /** As the user named them. */
  readonly files: readonly string[];
}

const DEADLINE_MS = 60_000;

/** A file that cannot be parsed is a study of its own, and is refused as one. */
function studyUidOf(bytes: Buffer): string | undefined {
  try {
    return openImage(bytes).facts.studyUid;
  } catch (thrown) {
    if (thrown instanceof CareError) return undefined;
    throw thrown;
  }
}

/** In the order in which each study's first file was named. Only hashes and names are kept, so that a thousand films fit. */
async function groupByStudy(files: readonly string[], declared: Declared): Promise<readonly StudyFiles[]> {
  const studies = new Map<string, { files: string[]; images: Study['images'][number][] }>();
  for (const file of files) {
    const path = resolveUserPath(file);
    // An unreadable file is read as an empty one, and refused as one.
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    const uid = studyUidOf(bytes) ?? `file:${file}`;
    const study = studies.get(uid) ?? { files: [], images: [] };
    study.files.push(file);
    study.images.push({ sha256: sha256Hex(bytes), load: () => readFile(path).catch(() => Buffer.alloc(0)) });
    studies.set(uid, study);
  }
  return [...studies].map(([uid, study]) => ({ uid, declared, ...study }));
}

interface Line {
  readonly files: readonly string[];
  readonly outcome: Reading['outcome'];
  readonly reasons: readonly { readonly code: string; readonly text: string }[];
  readonly findings: readonly Pick<Reading['findings'][number], 'code' | 'probability' | 'decision'>[];
  readonly priority: Reading['priority'];
  readonly provenance: Partial<Reading['provenance']>;
}

const lineOf = (files: readonly string[], { reading }: ExplainedResult, language: Language): Line => ({
  files,
  outcome: reading.outcome,
  reasons: reading.reasons.map(({ code, text }) => ({ code, text: text[language] })),
  findings: reading.findings.map(({ code, probability, decision }) => ({ code, probability, decision })),
  priority: reading.priority,
  provenance: reading.provenance,
});

/** The model's own words for a finding. */
const titleOf = (model: Model, code: string, language: Language): string =>
  model.manifest.heads.find((head) => head.code === code)?.title[language] ?? code;

const BAR = 20;

function* tableOf(line: Line, model: Model, language: Language): Generator<string> {
  const words = (key: string): string => say(language, `cli.${key}`);
  yield `${line.files.join(', ')}`;
  yield `  ${words(line.outcome)}${line.outcome === 'assessed' ? `, ${words(line.priority)}` : ''}`;
  const order = ['positive', 'indeterminate', 'negative'];
  const sorted = line.findings.toSorted(
    (a, b) => order.indexOf(a.decision) - order.indexOf(b.decision) || b.probability - a.probability,
  );
  const width = Math.max(0, ...sorted.map(({ code }) => titleOf(model, code, language).length));
  for (const { code, probability, decision } of sorted) {
    const full = Math.round(probability * BAR);
    const title = titleOf(model, code, language).padEnd(width);
    yield `  ${title} ${percent(probability, ' ').padStart(6)} ${'█'.repeat(full)}${'·'.repeat(BAR - full)} ${words(decision)}`;
  }
  for (const { text } of line.reasons) yield `  • ${text}`;
}

/** The film that was read: where two files claim one identity, the one that can be decoded. */
async function filmOf(study: StudyFiles, sopInstanceUid: string): Promise<GrayFrame | undefined> {
  for (const image of study.images) {
    try {
      const { facts, gray } = openImage(await image.load());
      if (facts.sopInstanceUid === sopInstanceUid) return await gray();
    } catch (thrown) {
      if (!(thrown instanceof CareError)) throw thrown;
    }
  }
  return undefined;
}

/** One picture per shown heatmap: the film with the map over it. Returns the files. */
async function writeHeatmaps(study: StudyFiles, result: ExplainedResult, folder: string): Promise<readonly string[]> {
  const [first] = result.heatmaps;
  const film = first && (await filmOf(study, first.sopInstanceUid));
  if (film === undefined) return [];
  await mkdir(folder, { recursive: true });
  const stem = basename(study.files[0] ?? 'study', extname(study.files[0] ?? ''));
  const written: string[] = [];
  for (const { findingCode, map } of result.heatmaps) {
    const path = join(folder, `${stem}.${findingCode}.png`);
    await writeFile(path, await encodeRgbaPng(overlayRgba(film, map)));
    written.push(path);
  }
  return written;
}

/** `named` is what the command line asks for, before the setting. */
async function openModel(config: Config, named: string | undefined): Promise<Model> {
  const loaded = await loadModels(config.modelsDir);
  try {
    return modelNamed(loaded, named ?? config.cxrModel);
  } catch (cause) {
    if (!(cause instanceof CareError) || named !== undefined) throw cause;
    throw configErrors.error('invalid', { field: 'HAIDANG_CXR_MODEL', reason: cause.reason, cause });
  }
}

/** A technical fault is the third outcome, with its reason; an error that is no CareError is a fault of this program and is thrown on. */
async function readOne(
  study: StudyFiles,
  deps: ReadDeps & ExplainDeps,
  language: Language,
): Promise<[Line, ExplainedResult?]> {
  try {
    const result = await explainStudy(study, deps);
    return [lineOf(study.files, result, language), result];
  } catch (thrown) {
    if (!(thrown instanceof CareError)) throw thrown;
    const { manifest } = deps.model;
    return [
      {
        files: study.files,
        outcome: 'failed',
        reasons: [{ code: thrown.code, text: thrown.text[language] }],
        findings: [],
        priority: 'routine',
        provenance: { modelId: manifest.id, modelVersion: manifest.version },
      },
    ];
  }
}

async function preread(files: readonly string[], options: Options): Promise<void> {
  const config = readConfig(process.env, userFolder());
  const model = await openModel(config, options.model);
  const declared: Declared = {
    ...(options.age !== undefined && { ageYears: options.age }),
    ...(options.sex !== undefined && { sex: options.sex }),
    ...(options.view !== undefined && { view: options.view }),
  };
  const studies = await groupByStudy(files, declared);
  await using engine = await startEngine({
    models: [model],
    ...(config.precision !== undefined && { precision: config.precision }),
    providers: config.providers,
    threadsPerProcess: availableParallelism(),
    niceness: 0,
  });
  const spec = specFor(model.manifest);
  const deps: ReadDeps & ExplainDeps = {
    model,
    engine,
    clock: systemClock,
    facilityId: LOCAL_FACILITY,
    policyVersion: defaultPolicy.version,
    deadlineMs: DEADLINE_MS,
    open: async (image) => inlinePictures.prepare(await image.load(), spec),
    drawHeatmap: inlinePictures.heatmap,
  };
  for (const study of studies) {
    const [line, result] = await readOne(study, deps, options.lang);
    if (line.outcome !== 'assessed') process.exitCode = 1;
    if (options.json === true) process.stdout.write(`${JSON.stringify(line)}\n`);
    else for (const text of tableOf(line, model, options.lang)) process.stdout.write(`${text}\n`);
    if (options.out === undefined || result === undefined) continue;
    for (const path of await writeHeatmaps(study, result, resolveUserPath(options.out)))
      process.stderr.write(`${path}\n`);
  }
  process.stderr.write(`${say(options.lang, 'preread.not-a-device')}\n`);
}

function parseAge(text: string): number {
  const age = Number(text);
  if (!/^[0-9]+(\.[0-9]+)?$/.test(text) || age > 130) throw new InvalidArgumentError('an age in years, 0 to 130');
  return age;
}

const oneOf =
  <Choice extends string>(...choices: readonly Choice[]) =>
  (text: string): Choice => {
    const chosen = choices.find((choice) => choice === text);
    if (chosen === undefined) throw new InvalidArgumentError(`one of ${choices.join(', ')}`);
    return chosen;
  };

export function addPrereadCommand(program: Command): void {
  program
    .command('preread')
    .description('read chest films on disk (DICOM, PNG, JPEG); no server needed')
    .argument('<files...>', 'image files; files of one study are read together')
    .option('--json', 'one JSON line per study')
    .option('--out <folder>', 'write the film with its heatmap, a PNG per finding')
    .option('--model <id>', 'another imaging model than HAIDANG_CXR_MODEL names; `haidang models` lists them')
    .option('--lang <language>', 'vi or en', oneOf('vi', 'en'), 'en')
    .option('--age <years>', 'for pictures without tags', parseAge)
    .option('--sex <sex>', 'for pictures without tags: M, F or O', oneOf('M', 'F', 'O'))
    .option('--view <view>', 'for pictures without tags: PA or AP', oneOf('PA', 'AP'))
    .action(preread);
}
