// Every read of a patient's data leaves an audit entry: one per read, and one per search with what it found.
import type { FastifyRequest } from 'fastify';
import type { FhirStore } from './ports.ts';
import type { Resource } from '#interop/fhir/resources/resource.ts';

/** Types that say something of a patient → what the audit calls the record behind them, and its id. */
const RECORDS: ReadonlyMap<string, string> = new Map([
  ['RiskAssessment', 'assessment'],
  ['DetectedIssue', 'alert'],
  ['Flag', 'alert'],
  ['Observation', 'reading'],
  ['DiagnosticReport', 'reading'],
  ['ImagingStudy', 'study'],
]);

export interface Access {
  readonly request: FastifyRequest;
  readonly type: string;
  readonly store: Pick<FhirStore, 'audit'>;
}

/** An observation's id begins with its reading's. */
const recordId = ({ resourceType, id }: Pick<Resource, 'resourceType' | 'id'>): string =>
  resourceType === 'Observation' ? (id.split('.', 1)[0] ?? '') : id;

export async function noteRead(resource: Resource, { request, type, store }: Access): Promise<void> {
  const subjectType = RECORDS.get(type);
  if (subjectType === undefined) return;
  request.readNoted = true;
  await store.audit.append({
    actor: request.identity.actor,
    action: 'fhir.read',
    subjectType,
    subjectId: recordId(resource),
    detail: { type, id: resource.id },
  });
}

export interface FoundForSomebody {
  /** Whom the search asked for. */
  readonly patients: readonly string[];
  readonly resources: readonly Resource[];
}

/** About the patient where it asked for one, else about itself. */
export async function noteSearch(
  { patients, resources }: FoundForSomebody,
  { request, type, store }: Access,
): Promise<void> {
  const shown = resources.filter(({ resourceType }) => RECORDS.has(resourceType));
  if (shown.length === 0) return;
  const [patient, ...others] = new Set(patients);
  const subject =
    patient !== undefined && others.length === 0
      ? { subjectType: 'patient', subjectId: patient }
      : { subjectType: 'search', subjectId: type };
  request.readNoted = true;
  await store.audit.append({
    actor: request.identity.actor,
    action: 'fhir.read',
    ...subject,
    detail: { type, resources: shown.map(({ resourceType, id }) => `${resourceType}/${id}`) },
  });
}
