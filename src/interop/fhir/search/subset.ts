// `_summary` and `_elements`: the asked part of a resource, marked as a part.
import type { Coding, Resource } from '#interop/fhir/resources/resource.ts';

export type Subset =
  | { readonly kind: 'summary' | 'text' | 'data' }
  | { readonly kind: 'elements'; readonly names: readonly string[] };

interface Marked {
  /** R4 requires them: in every part. */
  readonly mandatory: readonly string[];
  /** Marked Σ in R4, as far as our views have them. */
  readonly summary: readonly string[];
}

const ISSUE = ['identifier', 'code', 'severity', 'patient', 'identified', 'author', 'implicated'];
const REPORT = ['identifier', 'category', 'subject', 'effective', 'issued', 'resultsInterpreter'];
const OBSERVATION = ['identifier', 'subject', 'effective', 'issued', 'value', 'derivedFrom', 'component'];
const STUDY = ['identifier', 'modality', 'started', 'numberOfSeries', 'numberOfInstances', 'description', 'series'];
const RISK = ['identifier', 'method', 'code', 'occurrence', 'condition', 'performer'];

/** From the StructureDefinitions of R4 (4.0.1). */
const MARKED: ReadonlyMap<string, Marked> = new Map([
  ['RiskAssessment', { mandatory: ['status', 'subject'], summary: RISK }],
  ['DetectedIssue', { mandatory: ['status'], summary: ISSUE }],
  ['Observation', { mandatory: ['status', 'code'], summary: OBSERVATION }],
  ['DiagnosticReport', { mandatory: ['status', 'code'], summary: REPORT }],
  ['ImagingStudy', { mandatory: ['status', 'subject'], summary: STUDY }],
  ['Provenance', { mandatory: ['target', 'recorded', 'agent'], summary: [] }],
  ['Device', { mandatory: [], summary: ['status'] }],
  ['Flag', { mandatory: ['status', 'code', 'subject'], summary: ['identifier', 'category', 'period', 'author'] }],
  [
    'AuditEvent',
    { mandatory: ['type', 'recorded', 'agent', 'source'], summary: ['subtype', 'action', 'outcome', 'outcomeDesc'] },
  ],
  ['Subscription', { mandatory: ['status', 'reason', 'criteria', 'channel'], summary: ['contact', 'end', 'error'] }],
]);
const ALWAYS = ['resourceType', 'id', 'meta'];

const SUBSETTED: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
  display: 'subsetted',
};

/** Undefined where the value is none of R4's, or asks for a whole resource or for none. */
export function readSubset(name: '_summary' | '_elements', text: string): Subset | undefined {
  if (name === '_elements') {
    const names = text.split(',').map((one) => one.trim());
    return names.every((one) => /^[A-Za-z]+$/.test(one)) ? { kind: 'elements', names } : undefined;
  }
  if (text === 'true') return { kind: 'summary' };
  return text === 'text' || text === 'data' ? { kind: text } : undefined;
}

/** `effective` names effectiveDateTime too: the types that choice elements of our views have. */
const CHOICES = ['', 'DateTime', 'Period', 'Quantity'];

const isNamed = (element: string, name: string): boolean => CHOICES.some((type) => element === `${name}${type}`);

function wantedOf({ mandatory, summary }: Marked, subset: Subset): readonly string[] {
  switch (subset.kind) {
    case 'summary':
      return [...mandatory, ...summary];
    case 'text':
      return [...mandatory, 'text'];
    case 'elements':
      return [...mandatory, ...subset.names];
    default:
      return [];
  }
}

export function partOf(resource: Resource, subset: Subset | undefined): Resource {
  const marked = MARKED.get(resource.resourceType);
  if (subset === undefined || marked === undefined) return resource;
  const { resourceType, id, meta } = resource;
  const wanted = wantedOf(marked, subset);
  const kept = Object.entries(resource).filter(([element]) =>
    subset.kind === 'data' ? element !== 'text' : wanted.some((name) => isNamed(element, name)),
  );
  const rest = Object.fromEntries(kept.filter(([element]) => !ALWAYS.includes(element)));
  return { resourceType, id, meta: { ...meta, tag: [...(meta.tag ?? []), SUBSETTED] }, ...rest };
}
