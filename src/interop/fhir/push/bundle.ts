// An alert with everything that it rests on as one transaction Bundle; a second sending does not double it.
import type { Found } from '#kernel/record-search.ts';
import type { Uuid } from '#kernel/ids.ts';
import { derivedUuid } from '#kernel/ids.ts';
import type { FhirFinder } from '#interop/fhir/ports.ts';
import type { AlertRecord } from '#alerts/lifecycle/alert-record.ts';
import type { Resource } from '#interop/fhir/resources/resource.ts';
import { deviceView } from '#interop/fhir/views/device.ts';
import { detectedIssueView, isRisk } from '#interop/fhir/views/detected-issue.ts';
import { diagnosticReportView } from '#interop/fhir/views/diagnostic-report.ts';
import { flagView } from '#interop/fhir/views/flag.ts';
import { imagingStudyView } from '#interop/fhir/views/imaging-study.ts';
import { observationView } from '#interop/fhir/views/observation.ts';
import { assessmentProvenance, readingProvenance } from '#interop/fhir/views/provenance.ts';
import { riskAssessmentView } from '#interop/fhir/views/risk-assessment.ts';
import type { ViewContext } from '#interop/fhir/views/view-context.ts';

/** Those that change with the alert's life; everything else is written once. */
const CHANGES = new Set(['DetectedIssue', 'Flag']);

/** A reading has some twenty findings. */
const MOST_FINDINGS = 100;

/** The receiver gives ids of its own: inside the Bundle resources know each other by these. */
const fullUrl = (type: string, id: string): string => `urn:uuid:${derivedUuid('fhir', type, id)}`;

async function basisOfRisk(find: FhirFinder, sourceId: Uuid, context: ViewContext): Promise<readonly Resource[]> {
  const found = await find.assessments({ ids: [sourceId], limit: 1 });
  return found.flatMap((one) => [
    deviceView({ ...one, item: { provenance: one.item.assessment.provenance, kind: 'assessment' } }, context),
    riskAssessmentView(one, context),
    assessmentProvenance(one, context),
  ]);
}

async function basisOfReading(find: FhirFinder, sourceId: Uuid, context: ViewContext): Promise<readonly Resource[]> {
  const [reading] = await find.readings({ ids: [sourceId], limit: 1 });
  if (reading === undefined) return [];
  const { studyUid, provenance } = reading.item.reading;
  const [studies, findings] = await Promise.all([
    find.studies({ ids: [studyUid], limit: 1 }),
    find.findings({ ids: [sourceId], limit: MOST_FINDINGS }),
  ]);
  return [
    deviceView({ ...reading, item: { provenance, kind: 'reading' } }, context),
    ...studies.map((one) => imagingStudyView(one, context)),
    ...findings.flatMap((one) => observationView(one, context) ?? []),
    diagnosticReportView(reading, context),
    readingProvenance(reading, context),
  ];
}

/** References between resources of the Bundle become their fullUrl; one that leads out of it goes, its display and identifier stay. */
function linked(value: unknown, inside: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((one) => linked(one, inside));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, one]): (readonly [string, unknown])[] => {
    if (key !== 'reference' || typeof one !== 'string' || one.startsWith('Patient?'))
      return [[key, linked(one, inside)]];
    const target = inside.get(one);
    return target === undefined ? [] : [[key, target]];
  });
  return Object.fromEntries(entries);
}

const firstIdentifier = ({ identifier }: Resource): { readonly system: string; readonly value: string } | undefined => {
  const [first]: unknown[] = Array.isArray(identifier) ? identifier : [];
  return typeof first === 'object' && first !== null && 'system' in first && 'value' in first
    ? { system: String(first.system), value: String(first.value) }
    : undefined;
};

/** What tells the receiver that it has this already: the identifier, or for types without one a tag. */
const searchOf = (resource: Resource, tagSystem: string): string => {
  const identifier = firstIdentifier(resource);
  const [name, system, value] =
    identifier === undefined ? ['_tag', tagSystem, resource.id] : ['identifier', identifier.system, identifier.value];
  return `${name}=${encodeURIComponent(system)}|${encodeURIComponent(value)}`;
};

/**
 * `alert.raised` creates everything where it is not there yet; a later change replaces the issue and the flag. Sent twice, or late,
 * neither doubles anything, and a late `raised` never undoes a change. Undefined when the alert is gone.
 */
export async function transactionOf(
  alertId: Uuid,
  topic: string,
  { find, context }: { readonly find: FhirFinder; readonly context: ViewContext },
): Promise<object | undefined> {
  const [found] = await find.alerts({ ids: [alertId], limit: 1 });
  if (found === undefined) return undefined;
  const resources = await resourcesOf(found, find, context);
  const inside = new Map(resources.map(({ resourceType, id }) => [`${resourceType}/${id}`, fullUrl(resourceType, id)]));
  const tagSystem = context.systems.provenance;
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => {
      const { id, meta, ...rest } = resource;
      const { lastUpdated: _ours, ...labels } = meta;
      const tag = firstIdentifier(resource) === undefined ? { tag: [{ system: tagSystem, code: id }] } : {};
      const kept = { ...labels, ...tag };
      const search = searchOf(resource, tagSystem);
      const replaces = topic !== 'alert.raised' && CHANGES.has(resource.resourceType);
      const body = linked({ ...(Object.keys(kept).length > 0 && { meta: kept }), ...rest }, inside);
      return {
        fullUrl: fullUrl(resource.resourceType, id),
        resource: body,
        request: replaces
          ? { method: 'PUT', url: `${resource.resourceType}?${search}` }
          : { method: 'POST', url: resource.resourceType, ifNoneExist: search },
      };
    }),
  };
}

async function resourcesOf(
  found: Found<AlertRecord>,
  find: FhirFinder,
  context: ViewContext,
): Promise<readonly Resource[]> {
  const { alert } = found.item;
  const basis = isRisk(alert)
    ? await basisOfRisk(find, alert.sourceId, context)
    : await basisOfReading(find, alert.sourceId, context);
  return [...basis, detectedIssueView(found, context), ...(isRisk(alert) ? [flagView(found, context)] : [])];
}
