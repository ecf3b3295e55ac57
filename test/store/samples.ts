// Made-up studies, readings and alerts for the storage tests: each with its own identity, everything else plain.
import type { IncomingInstance } from '#kernel/instance.ts';
import { randomUUID } from 'node:crypto';
import type { Alert } from '#kernel/alert.ts';
import type { Reading } from '#kernel/finding.ts';
import { derivedUuid, sha256Hex } from '#kernel/ids.ts';
import type { Provenance } from '#kernel/provenance.ts';

let counter = 0;
/** Below a root that no device uses (2.25: UIDs made from UUIDs). */
export const newUid = (): string => `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}.${(counter += 1)}`;

export function sampleInstance(parts: Partial<IncomingInstance> = {}): IncomingInstance {
  const sopInstanceUid = parts.sopInstanceUid ?? newUid();
  return {
    sopInstanceUid,
    studyUid: newUid(),
    seriesUid: newUid(),
    format: 'dicom',
    blob: { sha256: sha256Hex(sopInstanceUid), bytes: 1_000 },
    patient: { id: `BN-${sopInstanceUid}`, name: 'NGUYỄN^VĂN^AN', birthDate: '1970-05-19', sex: 'M' },
    modality: 'DX',
    view: 'PA',
    ageYears: 55,
    notForClinicalUse: true,
    ...parts,
  };
}

export const sampleProvenance = (parts: Partial<Provenance> = {}): Provenance => ({
  inputSha256: sha256Hex('film'),
  pipelineVersion: '1',
  modelId: 'cxr-findings',
  modelVersion: '1',
  modelSha256: sha256Hex('weights'),
  provider: 'cpu',
  precision: 'fp32',
  calibrationVersion: '1',
  thresholdVersion: '1',
  ...parts,
});

export function sampleReading(instance: IncomingInstance, parts: Partial<Reading> = {}): Reading {
  return {
    id: randomUUID(),
    facilityId: 'local',
    studyUid: instance.studyUid,
    sopInstanceUids: [instance.sopInstanceUid],
    outcome: 'assessed',
    reasons: [],
    findings: [
      { code: 'Effusion', probability: 0.91, decision: 'positive', heatmap: { state: 'available', faithfulness: 0.5 } },
      { code: 'Mass', probability: 0.1 + 0.2, decision: 'negative' },
    ],
    priority: 'urgent',
    readAt: '2026-03-01T00:00:00.000Z',
    provenance: sampleProvenance({ inputSha256: instance.blob.sha256 }),
    notForClinicalUse: true,
    ...parts,
  };
}

export function sampleAlert(reading: Reading, parts: Partial<Alert> = {}): Alert {
  const dedupKey = parts.dedupKey ?? `cxr-findings/Effusion:study:${reading.studyUid}:findings`;
  return {
    id: derivedUuid('alert', dedupKey, reading.id),
    facilityId: 'local',
    dedupKey,
    severity: 'warning',
    status: 'new',
    subject: { patientCode: 'BN-1', studyUid: reading.studyUid },
    summary: { vi: 'Nghi tràn dịch màng phổi', en: 'Suspected pleural effusion' },
    detail: { vi: 'Xác suất 91 %', en: 'Probability 91 %' },
    evidence: [],
    limitations: [],
    sourceId: reading.id,
    provenance: reading.provenance,
    audience: { loginNames: [], departmentCodes: ['CDHA'], roles: [] },
    createdAt: '2026-03-01T00:00:00.000Z',
    expiresAt: '2026-03-02T00:00:00.000Z',
    ...parts,
  };
}
