// Readings, heads and contexts for the tests of the alert room.
import type { Alert } from '#kernel/alert.ts';
import type { Finding, Reading } from '#kernel/finding.ts';
import type { AlertHead, ReadingContext } from '#alerts/decide/decide.ts';
import { alertPolicySchema, defaultPolicy, type AlertPolicy } from '#alerts/policy/policy.ts';

export const NOW = new Date('2026-11-22T02:00:00.000Z');

export const later = (hours: number): Date => new Date(NOW.getTime() + hours * 3_600_000);

export const heads: readonly AlertHead[] = [
  {
    code: 'Pneumothorax',
    title: { vi: 'Tràn khí màng phổi', en: 'Pneumothorax' },
    priority: 'critical',
    explains: true,
  },
  {
    code: 'Effusion',
    title: { vi: 'Tràn dịch màng phổi', en: 'Pleural effusion' },
    priority: 'urgent',
    explains: true,
  },
  { code: 'Hernia', title: { vi: 'Thoát vị hoành', en: 'Hiatal hernia' }, priority: 'routine', explains: true },
  {
    code: 'any-abnormality',
    title: { vi: 'Có bất thường', en: 'Any abnormality' },
    priority: 'urgent',
    explains: false,
  },
];

export const finding = (code: string, probability: number, decision: Finding['decision'] = 'positive'): Finding => ({
  code,
  probability,
  decision,
});

export const reading = (changes: Partial<Reading> = {}): Reading => ({
  id: '7d2f3a0e-0a41-4a41-9c0c-0c1dbf1c7a55',
  facilityId: 'local',
  studyUid: '1.2.3.4',
  sopInstanceUids: ['1.2.3.4.1'],
  outcome: 'assessed',
  reasons: [],
  findings: [finding('Pneumothorax', 0.93)],
  priority: 'critical',
  readAt: NOW.toISOString(),
  provenance: {
    inputSha256: 'a'.repeat(64),
    pipelineVersion: '1',
    modelId: 'cxr-findings',
    modelVersion: '1',
    modelSha256: 'b'.repeat(64),
    provider: 'cpu',
    precision: 'fp32',
    calibrationVersion: 'c1',
    thresholdVersion: 't1',
  },
  notForClinicalUse: false,
  ...changes,
});

export const context = (changes: Partial<ReadingContext> = {}): ReadingContext => ({
  now: NOW,
  subject: {
    patientCode: '0000099901',
    treatmentCode: '000000999001',
    accessionNumber: '1234567',
    studyUid: '1.2.3.4',
  },
  previous: [],
  heads,
  ...changes,
});

export const policy = (changes: Partial<AlertPolicy> = {}): AlertPolicy =>
  alertPolicySchema.parse({ ...defaultPolicy, ...changes });

export const alertOf = (decision: { kind: 'alert'; alert: Alert } | { kind: 'silence' }): Alert => {
  if (decision.kind !== 'alert') throw new Error('expected an alert');
  return decision.alert;
};
