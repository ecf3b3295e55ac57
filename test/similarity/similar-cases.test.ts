import { expect, test } from 'vitest';
import { similarCases } from '#similarity/similar-cases.ts';
import { circle, memoryIndex, SPACE } from './memory-index.ts';

const at = (degrees: number): Float32Array =>
  Float32Array.of(Math.cos((degrees / 180) * Math.PI), Math.sin((degrees / 180) * Math.PI));
const query = { space: SPACE, vector: at(0), patientKey: 'id:none', studyUid: 'none' };

test('near-duplicates are shown apart and take no places', async () => {
  // cos 2.5623° = 0.999, so of one vector per degree those at 0°, 1° and 2° are near-duplicates.
  const answer = await similarCases(memoryIndex(circle(90)), query);
  expect(answer.nearDuplicates.map(({ studyUid }) => studyUid)).toEqual(['s0', 's1', 's2']);
  expect(answer.neighbours.map(({ studyUid }) => studyUid)).toEqual(['s3', 's4', 's5', 's6', 's7']);
  expect(answer).toMatchObject({ method: 'exact', recall: { recall: 1, filter: 'all' } });
});

test('also where near-duplicates alone would fill the answer', async () => {
  const rows = circle(120, (n) => ({ vector: n < 100 ? at(n / 100) : at(n) }));
  const answer = await similarCases(memoryIndex(rows), { ...query, count: 3 });
  expect(answer.nearDuplicates).toHaveLength(100);
  expect(answer.neighbours.map(({ studyUid }) => studyUid)).toEqual(['s100', 's101', 's102']);
});

test('nobody is their own neighbour, under any of their studies', async () => {
  const rows = circle(40, (n) => ({ patientKey: n % 2 === 0 ? 'id:self' : `id:${n}` }));
  const answer = await similarCases(memoryIndex(rows), { ...query, patientKey: 'id:self', studyUid: 's5', count: 50 });
  const all = [...answer.neighbours, ...answer.nearDuplicates];
  expect(all).toHaveLength(19);
  expect(all.some(({ patientKey, studyUid }) => patientKey === 'id:self' || studyUid === 's5')).toBe(false);
});

test('filters are honoured, and few cases are told as few', async () => {
  const rows = circle(90, (n) => ({ sex: n % 30 === 29 ? 'F' : 'M' }));
  const answer = await similarCases(memoryIndex(rows), { ...query, filter: { sex: 'F' } });
  expect(answer.neighbours.map(({ studyUid }) => studyUid)).toEqual(['s29', 's59', 's89']);
  expect(answer.recall?.filter).toBe('sex=F');
});

test('a case below the minimum is not offered, and is counted', async () => {
  // Of one vector per degree, without near-duplicates the nearest five stand at 3° to 7°.
  const minimum = Math.cos((5.5 / 180) * Math.PI);
  const answer = await similarCases(memoryIndex(circle(90)), { ...query, minimum });
  expect(answer.neighbours.map(({ studyUid }) => studyUid)).toEqual(['s3', 's4', 's5']);
  expect(answer.belowMinimum).toBe(2);
  const none = await similarCases(memoryIndex(circle(90).slice(60)), { ...query, minimum });
  expect(none).toMatchObject({ neighbours: [], belowMinimum: 5 });
});
