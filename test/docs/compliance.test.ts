// The documents for the law say what the program does today.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PERSON_TABLES } from '#store/upkeep/person-data.ts';
import {
  AUDIT_SUBJECTS,
  TABLE_CONTENTS,
  auditActions,
  complianceDocuments,
} from '../../scripts/compliance-documents.ts';

test('docs/compliance is what the program says (npm run compliance-documents writes it)', () => {
  const documents = complianceDocuments();
  expect(documents.size).toBe(8);
  for (const [name, text] of documents) expect(readFileSync(`docs/compliance/${name}`, 'utf8'), name).toBe(text);
});

test('each subject of the audit trail and each table with data of persons is described, and no other', () => {
  const subjects = new Set(auditActions().map((action) => action.split('.')[0]));
  expect([...subjects].toSorted()).toEqual(Object.keys(AUDIT_SUBJECTS).toSorted());
  expect(PERSON_TABLES.toSorted()).toEqual(Object.keys(TABLE_CONTENTS).toSorted());
});
