// A request's prefetch, completed from the FHIR server where that is allowed: what is known of the patient, and what did not come.
import type { Condition } from '#kernel/condition.ts';
import type { FhirResource } from '#interop/fhir-model/resource.ts';
import type { Sentence } from '#kernel/errors.ts';
import type { Measurement } from '#kernel/measurement.ts';
import { both, say } from '#messages/say.ts';
import { isPossibleBirthDate } from '#risk/person/age.ts';
import type { FhirReader } from './fhir-reader.ts';
import { conditionsIn } from '#interop/fhir-model/conditions.ts';
import { readObservations } from '#interop/fhir-model/observations.ts';
import { readPerson, type Person } from '#interop/fhir-model/person.ts';
import { readPrefetched, type Prefetched } from './prefetch.ts';
import type { HookRequest } from './request.ts';
import { PREFETCH_KEYS, queryFor, type PrefetchKey } from '#interop/cds-hooks/service.ts';
import { byPatient } from '#interop/fhir-model/subject.ts';

export interface Gathered {
  readonly person: Person | undefined;
  readonly measurements: readonly Measurement[];
  readonly conditions: readonly Condition[];
  /** Everything that was asked for came whole: what is not there is gone. */
  readonly complete: boolean;
  /** True when at least one value came, be it "no data": without any there is nothing to judge. */
  readonly came: boolean;
  /** Somebody tried to get data and got an error. */
  readonly failed: boolean;
  /** What a risk may lack, and why. */
  readonly gaps: readonly Sentence[];
}

type GapKind = 'absent' | 'error' | 'partial' | 'none';
type GapName = PrefetchKey | 'sex' | 'birth';

function gapOf(value: Prefetched): GapKind | null {
  if (value.state === 'absent' || value.state === 'error') return value.state;
  return value.state === 'data' && (value.next !== undefined || value.incomplete) ? 'partial' : null;
}

const gapSentence = (kind: GapKind, name: GapName): Sentence =>
  both((language) => say(language, `cds-hooks.gap.${kind}`, { name: say(language, `cds-hooks.data.${name}`) }));

/** Without sex and birth date no risk can be judged, whatever else came. */
function personGaps(person: Person | undefined, patientGap: GapKind | undefined): Sentence[] {
  if (person === undefined) return patientGap === undefined ? [gapSentence('none', 'patient')] : [];
  const { sex, birthDate } = person;
  return [
    ...(sex === undefined ? [gapSentence('none', 'sex')] : []),
    ...(birthDate === undefined ? [gapSentence('none', 'birth')] : []),
  ];
}

async function complete(
  value: Prefetched,
  query: string,
  { reader, signal }: { reader: FhirReader | null; signal: AbortSignal },
): Promise<Prefetched> {
  if (reader === null) return value;
  if (value.state === 'absent' || value.state === 'error') {
    return reader.read(query, signal);
  }
  return value.state === 'data' && value.next !== undefined ? reader.readOn(value, signal) : value;
}

const resourcesOf = (value: Prefetched): readonly FhirResource[] => (value.state === 'data' ? value.resources : []);

/** A resource that came under two keys (a panel is laboratory and vital sign) counts once. */
function once(resources: readonly FhirResource[]): FhirResource[] {
  const seen = new Set<string>();
  return resources.filter((resource) => {
    const { id } = resource;
    if (typeof id !== 'string') return true;
    const key = `${resource.resourceType}/${id}`;
    return seen.has(key) ? false : seen.add(key) !== undefined;
  });
}

const isAnotherPatient = (resource: FhirResource, patientId: string): boolean =>
  resource.resourceType === 'Patient' && typeof resource['id'] === 'string' && resource['id'] !== patientId;

/** Of somebody whose birth date cannot be, the rest is used all the same. */
function possible(person: Person | undefined, asOf: Date): Person | undefined {
  if (person?.birthDate === undefined || isPossibleBirthDate(person.birthDate, asOf)) return person;
  const { birthDate: _impossible, ...rest } = person;
  return rest;
}

export interface GatherOptions {
  readonly reader: FhirReader | null;
  readonly patientCodeSystems: readonly string[];
  readonly signal: AbortSignal;
  readonly asOf: Date;
}

export async function gather(request: HookRequest, options: GatherOptions): Promise<Gathered> {
  const { prefetch, patientId } = request;
  const values = await Promise.all(
    PREFETCH_KEYS.map(async (key): Promise<readonly [PrefetchKey, Prefetched]> => {
      const query = queryFor(key, patientId);
      return [key, await complete(readPrefetched(prefetch[key]), query, options)];
    }),
  );
  // A client may have been configured with keys of its own: what they hold says itself what it is.
  const foreign = Object.keys(prefetch)
    .filter((key) => !PREFETCH_KEYS.some((known) => known === key))
    .map((key) => readPrefetched(prefetch[key]));
  const all = [...values.map(([, value]) => value), ...foreign];
  const received = once(all.flatMap(resourcesOf));
  const named = received.filter((resource) => !isAnotherPatient(resource, patientId));
  const { own: resources, others } = byPatient(named, [patientId]);
  const { measurements, unusable: unread } = readObservations(resources);
  const { conditions, unusable: unnamed } = conditionsIn(resources);
  const unusable = unread + unnamed + others + received.length - named.length;
  const person = possible(readPerson(resources, options.patientCodeSystems), options.asOf);
  const gapKinds = values.flatMap(([key, value]) => {
    const kind = gapOf(value);
    return kind === null ? [] : [{ key, kind }];
  });
  return {
    person,
    measurements,
    conditions,
    complete: gapKinds.length === 0 && person?.sex !== undefined && person.birthDate !== undefined,
    came: all.some(({ state }) => state === 'data' || state === 'none'),
    failed: all.some(({ state }) => state === 'error'),
    gaps: [
      ...gapKinds.map(({ key, kind }) => gapSentence(kind, key)),
      ...personGaps(person, gapKinds.find(({ key }) => key === 'patient')?.kind),
      ...(unusable === 0 ? [] : [both((language) => say(language, 'cds-hooks.gap.unusable', { count: unusable }))]),
    ],
  };
}
