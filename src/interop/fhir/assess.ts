// `$assess`: translates a Bundle of a Patient with Observations and Conditions into a question, and the answers into RiskAssessments.
import type { FhirResource } from '#interop/fhir-model/resource.ts';
import { z } from 'zod';
import { conditionsIn } from '#interop/fhir-model/conditions.ts';
import { readObservations } from '#interop/fhir-model/observations.ts';
import { readPerson } from '#interop/fhir-model/person.ts';
import { isCalendarDate } from '#terminology/moment.ts';
import { byPatient } from '#interop/fhir-model/subject.ts';
import { derivedUuid } from '#kernel/ids.ts';
import { say } from '#messages/say.ts';
import { fhirErrors } from './errors.ts';
import type { Assess, Assessed } from './ports.ts';
import type { Resource } from '#interop/fhir/resources/resource.ts';
import { deviceView } from '#interop/fhir/views/device.ts';
import { riskAssessmentView } from '#interop/fhir/views/risk-assessment.ts';
import type { ViewContext } from '#interop/fhir/views/view-context.ts';

const resource = z.looseObject({ resourceType: z.string() });
const bundle = z.looseObject({
  resourceType: z.literal('Bundle'),
  type: z.enum([
    'collection',
    'searchset',
    'batch',
    'transaction',
    'document',
    'message',
    'history',
    'batch-response',
    'transaction-response',
  ]),
  entry: z.array(z.looseObject({ fullUrl: z.string().optional(), resource: resource.optional() })).optional(),
});
/** What a risk is computed from is judged; the rest of a Patient is passed over. */
const patient = z.looseObject({
  gender: z.enum(['male', 'female', 'other', 'unknown']).optional(),
  birthDate: z.string().refine(isCalendarDate, 'not a date that FHIR knows').optional(),
});
const parameters = z.looseObject({
  resourceType: z.literal('Parameters'),
  parameter: z.array(z.looseObject({ name: z.string(), resource: resource.optional() })),
});

const MOST_ENTRIES = 5_000;

const bad = (field: string, reason: string) => fhirErrors.error('bad-resource', { field, reason });

/** The Bundle itself, or Parameters that hold it as `resource`. */
function bundleOf(body: unknown): unknown {
  const wrapped = parameters.safeParse(body);
  return wrapped.success ? wrapped.data.parameter.find(({ name }) => name === 'resource')?.resource : body;
}

export interface Contents {
  readonly resources: readonly FhirResource[];
  /** Addresses of the Patients in the Bundle. */
  readonly addresses: readonly string[];
}

function checkPatient(entry: readonly { readonly resource?: FhirResource | undefined }[]): void {
  for (const [place, { resource: one }] of entry.entries()) {
    const read = one?.resourceType === 'Patient' ? patient.safeParse(one) : undefined;
    const issue = read?.error?.issues[0];
    if (issue !== undefined)
      throw bad(['Bundle.entry', place, 'resource', ...issue.path.map(String)].join('.'), issue.message);
  }
}

/** Throws `fhir.bad-resource` with the element at fault. */
export function readBundle(body: unknown): Contents {
  const parsed = bundle.safeParse(bundleOf(body));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw bad(['Bundle', ...(issue?.path.map(String) ?? [])].join('.'), issue?.message ?? 'not a Bundle');
  }
  const { entry = [] } = parsed.data;
  if (entry.length > MOST_ENTRIES) throw bad('Bundle.entry', `more than ${MOST_ENTRIES} entries`);
  const resources = entry.flatMap((one) => (one.resource === undefined ? [] : [one.resource]));
  checkPatient(entry);
  const addresses = entry.flatMap((one) => (one.resource?.resourceType === 'Patient' ? (one.fullUrl ?? []) : []));
  return { resources, addresses };
}

function outcomeOf(assessed: Assessed, unusable: number, { language }: ViewContext): object[] {
  const texts = [
    ...assessed.rejected.map(({ field, code, reason }) =>
      say(language, 'fhir.assess.rejected', { field, code, reason: reason.text[language] }),
    ),
    ...(unusable === 0 ? [] : [say(language, 'fhir.assess.unusable', { count: unusable })]),
  ];
  if (texts.length === 0) return [];
  const issue = texts.map((text) => ({ severity: 'warning', code: 'incomplete', details: { text } }));
  return [{ resourceType: 'OperationOutcome', issue }];
}

const PATIENT_UNKNOWN = 'unknown';

export interface AssessContext extends ViewContext {
  readonly assess: Assess;
  readonly now: Date;
  readonly base: string;
}

/** Throws `fhir.bad-resource`, `fhir.no-patient`, and what the risk room refuses. */
export async function assessBundle(body: unknown, context: AssessContext): Promise<object> {
  const { resources: all, addresses } = readBundle(body);
  const { own: resources, others } = byPatient(all, addresses);
  const patients = resources.filter(({ resourceType }) => resourceType === 'Patient');
  const person = readPerson(patients, [context.systems.patient]);
  if (patients.length !== 1 || person === undefined) {
    throw fhirErrors.error('no-patient', { field: 'Bundle.entry', reason: `${patients.length} Patient resources` });
  }
  const { measurements, unusable: unread } = readObservations(resources);
  const { conditions, unusable: unnamed } = conditionsIn(resources);
  const unusable = unread + unnamed + others;
  const patientCode = person.identifiers[0];
  const assessed = await context.assess({
    ...(patientCode !== undefined && { patientCode }),
    ...(person.sex !== undefined && { sex: person.sex }),
    ...(person.birthDate !== undefined && { birthDate: person.birthDate }),
    measurements,
    conditions,
    asOf: context.now,
  });
  const updatedAt = context.now.toISOString();
  const risks = assessed.results.map((result) =>
    riskAssessmentView(
      {
        item: { assessment: { ...result, patientId: patientCode ?? PATIENT_UNKNOWN }, alertIds: [] },
        updatedAt,
        key: result.id,
      },
      context,
    ),
  );
  const devices = new Map(
    assessed.results.map(({ provenance }): [string, Resource] => {
      const device = deviceView({ item: { provenance, kind: 'assessment' }, updatedAt, key: '' }, context);
      return [device.id, device];
    }),
  );
  return {
    resourceType: 'Bundle',
    type: 'collection',
    timestamp: updatedAt,
    entry: [
      ...[...risks, ...devices.values()].map((one) => ({
        fullUrl: `${context.base}/${one.resourceType}/${one.id}`,
        resource: one,
      })),
      ...outcomeOf(assessed, unusable, context).map((one) => ({
        fullUrl: `urn:uuid:${derivedUuid('outcome', updatedAt)}`,
        resource: one,
      })),
    ],
  };
}
