// A reading as a FHIR DiagnosticReport: always preliminary, never a negative where nothing was assessed.
import type { Found } from '#kernel/record-search.ts';
import { examinationCode } from '#preread/read/finding-codes.ts';
import { conclusionOf } from '#messages/reading-conclusion.ts';
import { say } from '#messages/say.ts';
import type { ReadingOfStudy } from '#interop/fhir/ports.ts';
import { assertedMeta, reference, type Resource } from '#interop/fhir/resources/resource.ts';
import { accessionIdentifier, studyIdentifier } from '#interop/fhir/systems.ts';
import { findingConcept, observationId } from './observation.ts';
import { effectiveTime, patientOf } from './reading-facts.ts';
import { subjectOf, type ViewContext } from './view-context.ts';

export function diagnosticReportView(found: Found<ReadingOfStudy>, context: ViewContext): Resource {
  const { reading, study } = found.item;
  const { language, systems } = context;
  const positive = reading.findings.filter(({ decision }) => decision === 'positive');
  const code = examinationCode(reading.sopInstanceUids.length);
  return {
    resourceType: 'DiagnosticReport',
    id: reading.id,
    meta: assertedMeta({ ...found, notForClinicalUse: reading.notForClinicalUse }),
    identifier: [
      { system: systems.reading, value: reading.id },
      ...(study.accessionNumber === undefined ? [] : [accessionIdentifier(study.accessionNumber, systems)]),
    ],
    status: 'preliminary',
    category: [
      {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'RAD', display: 'Radiology' }],
      },
    ],
    code: { coding: [code], text: say(language, 'alerts.examination.chest-x-ray') },
    subject: subjectOf(patientOf(study), context),
    effectiveDateTime: effectiveTime(reading, study),
    issued: reading.readAt,
    // No `performer`: R4 does not allow a Device there; the Provenance names it.
    ...(reading.findings.length > 0 && {
      result: reading.findings.map((finding) => reference('Observation', observationId(reading.id, finding.code))),
    }),
    imagingStudy: [{ ...reference('ImagingStudy', reading.studyUid), identifier: studyIdentifier(reading.studyUid) }],
    conclusion: conclusionOf(found.item, context),
    ...(positive.length > 0 && {
      conclusionCode: positive.map((finding) => findingConcept(found.item, finding.code, context)),
    }),
  };
}
