// Origin of a reading or a risk as a FHIR Provenance: target, model file, input hash, versions (law 5).
import type { Found } from '#kernel/record-search.ts';
import type { Provenance } from '#kernel/provenance.ts';
import type { StoredAssessment, ReadingOfStudy } from '#interop/fhir/ports.ts';
import { metaOf, type Reference, reference, type Resource } from '#interop/fhir/resources/resource.ts';
import { deviceReference } from './device.ts';
import { observationId } from './observation.ts';
import type { ViewContext } from './view-context.ts';

interface Facts {
  readonly id: string;
  readonly targets: readonly Reference[];
  readonly occurred: string;
  readonly provenance: Provenance;
  readonly sources: readonly Reference[];
}

function provenanceOf(facts: Facts, found: Pick<Found<unknown>, 'updatedAt'>, context: ViewContext): Resource {
  const { systems } = context;
  const { provenance } = facts;
  const named = (system: string, value: string): Reference => ({ identifier: { system, value } });
  const what: readonly Reference[] = [
    ...facts.sources,
    named(systems.inputHash, provenance.inputSha256),
    named(systems.pipeline, provenance.pipelineVersion),
    named(systems.calibration, provenance.calibrationVersion),
    named(systems.thresholds, provenance.thresholdVersion),
  ];
  return {
    resourceType: 'Provenance',
    id: facts.id,
    meta: metaOf(found),
    target: facts.targets,
    occurredDateTime: facts.occurred,
    recorded: found.updatedAt,
    activity: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-DataOperation', code: 'CREATE', display: 'create' }],
    },
    agent: [
      {
        type: {
          coding: [
            {
              system: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type',
              code: 'assembler',
              display: 'Assembler',
            },
          ],
          text: `${provenance.provider}, ${provenance.precision}`,
        },
        who: deviceReference(provenance),
      },
    ],
    entity: what.filter(({ identifier }) => identifier?.value !== '').map((one) => ({ role: 'source', what: one })),
  };
}

export const readingProvenance = (found: Found<ReadingOfStudy>, context: ViewContext): Resource => {
  const { reading } = found.item;
  return provenanceOf(
    {
      id: reading.id,
      targets: [
        reference('DiagnosticReport', reading.id),
        ...reading.findings.map(({ code }) => reference('Observation', observationId(reading.id, code))),
      ],
      occurred: reading.readAt,
      provenance: reading.provenance,
      sources: [reference('ImagingStudy', reading.studyUid)],
    },
    found,
    context,
  );
};

export const assessmentProvenance = (found: Found<StoredAssessment>, context: ViewContext): Resource => {
  const { assessment } = found.item;
  return provenanceOf(
    {
      id: assessment.id,
      targets: [reference('RiskAssessment', assessment.id)],
      occurred: assessment.assessedAt,
      provenance: assessment.provenance,
      sources: [],
    },
    found,
    context,
  );
};
