// A request's prefetch, completed from the FHIR server where that is allowed: what is known of the patient, and what did not come.
import type { Language } from '#kernel/errors.ts';
import type { Measurement } from '#kernel/measurement.ts';
import { say } from '#messages/say.ts';
import type { FhirReader } from './fhir-reader.ts';
import { readConditions, readObservations, type CodedProblem } from './observations.ts';
import { readPerson, type Person } from './person.ts';
import { readPrefetched, type FhirResource, type Prefetched } from './prefetch.ts';
import type { HookRequest } from './request.ts';
import { PREFETCH_KEYS, queryFor, type PrefetchKey } from './service.ts';
import { byPatient } from './subject.ts';

export interface Gathered {
  readonly person: Person | undefined;
  readonly measurements: readonly Measurement[];
  readonly problems: readonly CodedProblem[];
  /** True when at least one value came, be it "no data": without any there is nothing to judge. */
  readonly came: boolean;
  readonly gaps: (language: Language) => readonly string[];
}

type GapKind = 'absent' | 'error' | 'partial';

function gapOf(value: Prefetched): GapKind | null {
  if (value.state === 'absent' || value.state === 'error') return value.state;
  return value.state === 'data' && (value.next !== undefined || value.incomplete) ? 'partial' : null;
}

async function complete(
  value: Prefetched,
  query: string,
  { reader, signal }: { reader: FhirReader | null; signal: AbortSignal },
): Promise<Prefetched> {
  if (reader === null) return value;
  if (value.state === 'absent' || value.state === 'error') {
    const read = await reader.read(query, signal);
    return read.state === 'error' ? value : read;
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

export interface GatherOptions {
  readonly reader: FhirReader | null;
  readonly patientCodeSystems: readonly string[];
  readonly signal: AbortSignal;
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
  const { own: resources, others } = byPatient(once(all.flatMap(resourcesOf)), [patientId]);
  const { measurements, unusable: unread } = readObservations(resources);
  const unusable = unread + others;
  const gapKinds = values.flatMap(([key, value]) => {
    const kind = gapOf(value);
    return kind === null ? [] : [{ key, kind }];
  });
  return {
    person: readPerson(resources, options.patientCodeSystems),
    measurements,
    problems: readConditions(resources),
    came: all.some(({ state }) => state === 'data' || state === 'none'),
    gaps: (language) => [
      ...gapKinds.map(({ key, kind }) =>
        say(language, `cds-hooks.gap.${kind}`, { name: say(language, `cds-hooks.data.${key}`) }),
      ),
      ...(unusable === 0 ? [] : [say(language, 'cds-hooks.gap.unusable', { count: unusable })]),
    ],
  };
}
