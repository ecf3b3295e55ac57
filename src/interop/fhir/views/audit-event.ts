// An entry of the audit chain as a FHIR AuditEvent, with its hash.
import type { Found } from '#kernel/record-search.ts';
import { say } from '#messages/say.ts';
import type { AuditFacts } from '#interop/fhir/ports.ts';
import { metaOf, type Reference, reference, type Resource } from '#interop/fhir/resources/resource.ts';
import { type IdentifierSystems, patientReference } from '#interop/fhir/systems.ts';
import type { ViewContext } from './view-context.ts';

const CREATES = new Set(['accepted', 'committed', 'raised', 'imported', 'created', 'saved']);
const READS = new Set(['opened', 'read', 'seen']);
const DELETES = new Set(['deleted']);

/** From the last word of `room.verb`. */
function actionOf(action: string): 'C' | 'R' | 'U' | 'D' {
  const verb = action.slice(action.lastIndexOf('.') + 1);
  if (CREATES.has(verb)) return 'C';
  if (DELETES.has(verb)) return 'D';
  return READS.has(verb) ? 'R' : 'U';
}

/** What the audit calls a record → the type that shows it here. */
export const ENTITY_TYPES: Readonly<Record<string, string>> = {
  alert: 'DetectedIssue',
  reading: 'DiagnosticReport',
  assessment: 'RiskAssessment',
  study: 'ImagingStudy',
  subscription: 'Subscription',
};

function whatOf({ subjectType, subjectId }: AuditFacts, systems: IdentifierSystems): Reference {
  if (subjectType === 'patient') return patientReference(subjectId, systems, 'logical');
  const type = ENTITY_TYPES[subjectType];
  if (type !== undefined) return reference(type, subjectId);
  return subjectType === 'instance'
    ? { identifier: { system: 'urn:dicom:uid', value: `urn:oid:${subjectId}` } }
    : { display: subjectType };
}

export function auditEventView(found: Found<AuditFacts>, { language, systems }: ViewContext): Resource {
  const { item } = found;
  return {
    resourceType: 'AuditEvent',
    id: String(item.sequence),
    meta: metaOf(found),
    type: {
      system: 'http://dicom.nema.org/resources/ontology/DCM',
      code: '110110',
      display: 'Patient Record',
    },
    subtype: [{ system: systems.codes.auditAction, code: item.action }],
    action: actionOf(item.action),
    recorded: item.at,
    outcome: item.action.endsWith('.refused') && item.subjectType !== 'model' ? '4' : '0',
    agent: [{ who: { identifier: { system: systems.login, value: item.actor } }, requestor: true }],
    source: { observer: { display: 'Haidang' } },
    entity: [
      {
        what: whatOf(item, systems),
        type: {
          system: 'http://terminology.hl7.org/CodeSystem/audit-entity-type',
          code: '2',
          display: 'System Object',
        },
        detail: [{ type: say(language, 'fhir.audit.hash'), valueString: item.hash }],
      },
    ],
  };
}
