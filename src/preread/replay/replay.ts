// Computes a stored reading again from the stored bytes and says what differs (law 5). The same film, model file and calibration must give the
// same decisions and, within a stated tolerance, the same probabilities; what cannot be computed again says why.
import { CareError } from '#kernel/errors.ts';
import type { Reading } from '#kernel/finding.ts';
import type { StoredStudy } from '#kernel/stored-study.ts';
import { imagesOf } from '#preread/commit/study-reader.ts';
import { inputHash } from '#preread/commit/new-reading.ts';
import { prereadErrors } from '#preread/errors.ts';
import type { Blobs } from '#preread/ports.ts';
import { type ReadDeps, readStudy } from '#preread/read/read-study.ts';
import type { Replayed } from './schema.ts';

/** Of a probability. Another processor adds up in another order; what the model's own golden outputs allow is allowed, and never more than this. */
const LARGEST_TOLERANCE = 0.01;

export interface ReplayDeps extends ReadDeps {
  readonly blobs: Pick<Blobs, 'get'>;
}

const RECORD = [
  'pipelineVersion',
  'modelId',
  'modelVersion',
  'precision',
  'calibrationVersion',
  'thresholdVersion',
] as const;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

type Difference = Replayed['differences'][number];

function compareFindings(before: Reading, now: Reading, tolerance: number): [Difference[], number] {
  const differences: Difference[] = [];
  let largest = 0;
  const codes = new Set([...before.findings, ...now.findings].map(({ code }) => code));
  for (const code of codes) {
    const [was, is] = [before, now].map(({ findings }) => findings.find((finding) => finding.code === code));
    if (was === undefined || is === undefined) {
      differences.push({ what: code, recorded: was ? 'reported' : 'absent', replayed: is ? 'reported' : 'absent' });
      continue;
    }
    const apart = Math.abs(was.probability - is.probability);
    largest = Math.max(largest, apart);
    if (apart > tolerance)
      differences.push({
        what: `${code} probability`,
        recorded: String(was.probability),
        replayed: String(is.probability),
      });
    if (was.decision !== is.decision)
      differences.push({ what: `${code} decision`, recorded: was.decision, replayed: is.decision });
  }
  return [differences, largest];
}

function compareRest(before: Reading, now: Reading): Difference[] {
  const reasons = ({ reasons: all }: Reading): string => all.map(({ code }) => code).join(', ');
  const pairs: [string, string, string][] = [
    ['outcome', before.outcome, now.outcome],
    ['priority', before.priority, now.priority],
    ['reasons', reasons(before), reasons(now)],
    ...RECORD.map((name): [string, string, string] => [name, before.provenance[name], now.provenance[name]]),
  ];
  return pairs.flatMap(([what, recorded, replayed]) =>
    recorded === replayed ? [] : [{ what, recorded: textOf(recorded), replayed: textOf(replayed) }],
  );
}

/** Those of the study's images whose hash the reading names: all, those that were there when it was read, or those that it speaks of. */
function imagesThen(study: StoredStudy, reading: Reading, blobs: ReplayDeps['blobs']) {
  const { instances } = study;
  const then = instances.filter(({ receivedAt }) => receivedAt <= reading.readAt);
  const named = instances.filter(({ sopInstanceUid }) => reading.sopInstanceUids.includes(sopInstanceUid));
  return [instances, then, named]
    .map((some) => imagesOf({ ...study, instances: some }, blobs))
    .find((some) => some.images.length > 0 && inputHash(some) === reading.provenance.inputSha256);
}

const notPossible = (reading: Reading, error: CareError, here: string): Replayed => ({
  reading: reading.id,
  studyUid: reading.studyUid,
  outcome: 'not-possible',
  model: { id: reading.provenance.modelId, recordedSha256: reading.provenance.modelSha256, sha256: here },
  tolerance: null,
  largestDifference: null,
  differences: [],
  reason: { code: error.code, text: error.text, detail: error.reason },
});

/** Never throws for what is a property of the reading or of its bytes: then it is `not-possible`, with the reason. */
export async function replayReading(
  reading: Reading,
  study: StoredStudy | undefined,
  deps: ReplayDeps,
): Promise<Replayed> {
  const { manifest, golden } = deps.model;
  const state = deps.engine.states().get(manifest.id);
  const here = state?.state === 'ready' ? state.sha256 : '';
  const cannot = (detail: string) =>
    notPossible(reading, prereadErrors.error('not-replayable', { field: 'id', reason: detail }), here);
  const { modelId, modelSha256, precision } = reading.provenance;
  if (reading.outcome === 'failed') return cannot('the reading failed, so it holds nothing that was computed');
  if (modelId !== manifest.id || modelSha256 !== here)
    return cannot(
      `it was made by ${modelId} ${modelSha256}, here is ${manifest.id} ${here === '' ? 'not ready' : here}`,
    );
  const images = study && imagesThen(study, reading, deps.blobs);
  if (images === undefined) return cannot('the images that it was made of are no longer stored as they were');
  const tolerance = Math.min(LARGEST_TOLERANCE, golden.tolerance[precisionOf(precision)]);
  try {
    const { reading: now } = await readStudy(images, deps);
    const [findings, largestDifference] = compareFindings(reading, now, tolerance);
    const differences = [...compareRest(reading, now), ...findings];
    return {
      reading: reading.id,
      studyUid: reading.studyUid,
      outcome: differences.length === 0 ? 'same' : 'differs',
      model: { id: modelId, recordedSha256: modelSha256, sha256: here },
      tolerance,
      largestDifference,
      differences,
      reason: null,
    };
  } catch (thrown) {
    if (thrown instanceof CareError) return notPossible(reading, thrown, here);
    throw thrown;
  }
}

const precisionOf = (text: string): 'fp32' | 'fp16' | 'int8' => (text === 'fp16' || text === 'int8' ? text : 'fp32');
