// A stored study as a FHIR ImagingStudy: series and instances by their UIDs. Not a machine's assertion, so not labelled as one.
import type { Found } from '#kernel/record-search.ts';
import type { InstanceFacts, FoundStudy } from '#interop/fhir/ports.ts';
import { metaOf, type Resource } from '#interop/fhir/resources/resource.ts';
import { accessionIdentifier, studyIdentifier } from '#interop/fhir/systems.ts';
import { patientOf } from './reading-facts.ts';
import { localDateTime, subjectOf, type ViewContext } from './view-context.ts';

const DCM = 'http://dicom.nema.org/resources/ontology/DCM';
/** Digital picture of unknown origin: a PNG or JPEG has no modality and no SOP class. */
const OTHER = 'OT';
const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';

const modality = (code: string | undefined): object => ({ system: DCM, code: code ?? OTHER });

function seriesView(uid: string, instances: readonly InstanceFacts[]): object {
  return {
    uid,
    modality: modality(instances.find((one) => one.modality !== undefined)?.modality),
    numberOfInstances: instances.length,
    instance: instances.map(({ sopInstanceUid, sopClassUid, instanceNumber }) => ({
      uid: sopInstanceUid,
      sopClass: { system: 'urn:ietf:rfc:3986', code: `urn:oid:${sopClassUid ?? SECONDARY_CAPTURE}` },
      ...(instanceNumber !== undefined && instanceNumber >= 0 && { number: instanceNumber }),
    })),
  };
}

export function imagingStudyView(found: Found<FoundStudy>, context: ViewContext): Resource {
  const { study, instances } = found.item;
  const series = Map.groupBy(instances, ({ seriesUid }) => seriesUid);
  const started = localDateTime(study.studyTime);
  const modalities = [...new Set(instances.map((one) => one.modality ?? OTHER))];
  return {
    resourceType: 'ImagingStudy',
    id: study.studyUid,
    meta: {
      ...metaOf(found),
      ...(study.notForClinicalUse && {
        security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HTEST' }],
      }),
    },
    identifier: [
      studyIdentifier(study.studyUid),
      ...(study.accessionNumber === undefined ? [] : [accessionIdentifier(study.accessionNumber, context.systems)]),
    ],
    status: 'available',
    ...(modalities.length > 0 && { modality: modalities.map(modality) }),
    subject: subjectOf(patientOf(study), context),
    ...(study.treatmentCode !== undefined && {
      encounter: { type: 'Encounter', identifier: { system: context.systems.treatment, value: study.treatmentCode } },
    }),
    ...(started !== undefined && { started }),
    numberOfSeries: series.size,
    numberOfInstances: instances.length,
    ...(study.description !== undefined && { description: study.description }),
    ...(series.size > 0 && { series: [...series].map(([uid, its]) => seriesView(uid, its)) }),
  };
}
