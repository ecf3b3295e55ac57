// The model file that spoke, as a FHIR Device: one per SHA-256.
import type { Found } from '#kernel/record-search.ts';
import type { Provenance } from '#kernel/provenance.ts';
import { say } from '#messages/say.ts';
import type { StoredModel } from '#interop/fhir/ports.ts';
import { metaOf, type Reference, type Resource } from '#interop/fhir/resources/resource.ts';
import { idPart, type ViewContext } from './view-context.ts';

const deviceId = ({ modelId, modelSha256 }: Provenance): string => `${idPart(modelId, 48)}.${modelSha256.slice(0, 12)}`;

export const deviceReference = (provenance: Provenance): Reference => ({
  reference: `Device/${deviceId(provenance)}`,
  type: 'Device',
  display: `${provenance.modelId} ${provenance.modelVersion}`,
});

export function deviceView(found: Found<StoredModel>, { language, systems }: ViewContext): Resource {
  const { provenance } = found.item;
  return {
    resourceType: 'Device',
    id: deviceId(provenance),
    meta: metaOf(found),
    identifier: [{ system: systems.modelFile, value: provenance.modelSha256 }],
    status: 'active',
    manufacturer: 'Haidang (open source)',
    deviceName: [{ name: provenance.modelId, type: 'model-name' }],
    modelNumber: provenance.modelId,
    type: {
      coding: [
        { system: 'http://snomed.info/sct', code: '706689003', display: 'Application program software' },
        { system: systems.codes.model, code: provenance.modelId, version: provenance.modelVersion },
      ],
    },
    version: [
      { type: { text: 'model' }, value: provenance.modelVersion },
      { type: { text: 'sha256' }, value: provenance.modelSha256 },
    ],
    safety: [{ text: say(language, 'alerts.limitation.decision-support') }],
  };
}
