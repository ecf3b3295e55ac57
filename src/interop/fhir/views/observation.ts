// One finding of a reading as a FHIR Observation: probability, decision, thresholds.
import type { Found } from '#kernel/record-search.ts';
import type { Decision, Finding } from '#kernel/finding.ts';
import { findingCodes } from '#preread/read/finding-codes.ts';
import { say } from '#messages/say.ts';
import type { ReadingOfStudy } from '#interop/fhir/ports.ts';
import {
  assertedMeta,
  type CodeableConcept,
  quantity,
  reference,
  type Resource,
} from '#interop/fhir/resources/resource.ts';
import { deviceReference } from './device.ts';
import { effectiveTime, patientOf } from './reading-facts.ts';
import { idPart, subjectOf, type ViewContext } from './view-context.ts';

/** Reading (36 characters), a point, the finding. */
export const observationId = (readingId: string, code: string): string => `${readingId}.${idPart(code, 27)}`;

const INTERPRETATION: Readonly<Record<Decision, { readonly code: string; readonly display: string }>> = {
  positive: { code: 'POS', display: 'Positive' },
  negative: { code: 'NEG', display: 'Negative' },
  indeterminate: { code: 'IND', display: 'Indeterminate' },
};

export function findingConcept(item: ReadingOfStudy, code: string, context: ViewContext): CodeableConcept {
  const { systems, heads, language } = context;
  const title = heads(item.reading.provenance, code)?.title[language] ?? code;
  return { coding: [{ system: systems.codes.finding, code }, ...findingCodes(code)], text: title };
}

function componentsOf(item: ReadingOfStudy, finding: Finding, { heads, language }: ViewContext): object[] {
  const head = heads(item.reading.provenance, finding.code);
  const threshold = (key: string, value: number | undefined): object[] =>
    value === undefined
      ? []
      : [{ code: { text: say(language, `fhir.component.${key}`) }, valueQuantity: quantity(value, '1') }];
  return [
    ...threshold('positive-from', head?.positiveFrom),
    ...threshold('negative-to', head?.negativeTo),
    ...threshold('faithfulness', finding.heatmap?.faithfulness),
  ];
}

export function observationView(
  found: Found<ReadingOfStudy & { readonly code: string }>,
  context: ViewContext,
): Resource | undefined {
  const { reading, study, code } = found.item;
  const finding = reading.findings.find((one) => one.code === code);
  if (finding === undefined) return undefined;
  const { language, systems } = context;
  const id = observationId(reading.id, code);
  const components = componentsOf(found.item, finding, context);
  const { heatmap, decision, probability } = finding;
  const aboutMap = heatmap?.reason === undefined ? [] : [heatmap.reason.text[language]];
  return {
    resourceType: 'Observation',
    id,
    meta: assertedMeta({ ...found, notForClinicalUse: reading.notForClinicalUse }),
    identifier: [{ system: systems.finding, value: id }],
    status: 'preliminary',
    category: [
      {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'imaging', display: 'Imaging' },
        ],
      },
    ],
    code: findingConcept(found.item, code, context),
    subject: subjectOf(patientOf(study), context),
    effectiveDateTime: effectiveTime(reading, study),
    issued: reading.readAt,
    // No `performer`: R4 does not allow a Device there.
    valueQuantity: quantity(probability, '1'),
    interpretation: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation',
            ...INTERPRETATION[decision],
          },
        ],
        text: say(language, `fhir.decision.${decision}`),
      },
    ],
    device: deviceReference(reading.provenance),
    derivedFrom: [reference('ImagingStudy', reading.studyUid)],
    ...(components.length > 0 && { component: components }),
    note: [...aboutMap, say(language, 'alerts.limitation.decision-support')].map((text) => ({ text })),
  };
}
