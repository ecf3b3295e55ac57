// A risk alert as a FHIR Flag: sparingly, only what is about the patient and not about one film.
import type { Found } from '#kernel/record-search.ts';
import type { AlertRecord } from '#alerts/lifecycle/alert-record.ts';
import { isOpen } from '#alerts/lifecycle/lifecycle.ts';
import { assertedMeta, type Resource } from '#interop/fhir/resources/resource.ts';
import { deviceReference } from './device.ts';
import { subjectOf, type ViewContext } from './view-context.ts';

export function flagView(found: Found<AlertRecord>, context: ViewContext): Resource {
  const { alert } = found.item;
  const { language, systems } = context;
  return {
    resourceType: 'Flag',
    id: alert.id,
    meta: assertedMeta(found),
    identifier: [{ system: systems.alert, value: alert.id }],
    status: isOpen(alert.status) ? 'active' : 'inactive',
    category: [
      {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/flag-category', code: 'clinical', display: 'Clinical' },
        ],
      },
    ],
    code: { text: alert.summary[language] },
    subject: subjectOf(alert.subject.patientCode, context),
    period: { start: alert.createdAt, end: alert.expiresAt },
    author: deviceReference(alert.provenance),
  };
}
