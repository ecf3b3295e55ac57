// The outcome of an AuditEvent: a refusal is a minor failure (code 4 of R4), everything else that stands in the trail was done.
import { expect, test } from 'vitest';
import { identifierSystems } from '#interop/fhir/systems.ts';
import { auditEventView } from '#interop/fhir/views/audit-event.ts';

const context = {
  language: 'en',
  systems: identifierSystems({}, 'https://cds.example'),
  heads: () => undefined,
  patients: 'logical',
} as const;

test.each([
  ['credentials.refused', 'account', '4'],
  ['access.refused', 'route', '4'],
  ['session.opened', 'account', '0'],
  ['record.read', 'patient', '0'],
  // A model that was refused at a reload was judged as asked.
  ['model.refused', 'model', '0'],
])('%s', (action, subjectType, outcome) => {
  const item = {
    actor: 'nobody',
    action,
    subjectType,
    subjectId: 'x',
    sequence: 1,
    at: '2026-11-30T08:00:00Z',
    hash: 'h',
  };
  expect(auditEventView({ item, updatedAt: item.at, key: 'k' }, context)).toMatchObject({ outcome });
});
