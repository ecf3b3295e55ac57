import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CareError } from '#kernel/errors.ts';
import { readBundle } from '#interop/fhir/assess.ts';
import { rangesOf } from '#interop/fhir/search/date.ts';
import { listsOf, readIdentifiers, readPatients, studyKind, uuidKind } from '#interop/fhir/search/narrow.ts';
import { parseSearch, type SearchRules } from '#interop/fhir/search/parse.ts';
import { readSubscription } from '#interop/fhir/subscriptions/subscription-judge.ts';
import { RESOURCE_TYPES } from '#interop/fhir/resources/types.ts';
import { systems } from './systems.ts';

const RUNS = Number(process.env['HAIDANG_FUZZ_RUNS'] ?? 300);
const NOW = new Date('2026-03-01T00:00:00Z');

/** Either an answer or a refusal of ours that says what is wrong. */
function judged<Answer>(work: () => Answer): Answer | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof CareError) || error.status >= 500) throw error;
    if (error.field === undefined) throw new Error('a refusal without the field', { cause: error });
    return undefined;
  }
}

const known = [...RESOURCE_TYPES.values()].flatMap(({ parameters }) => parameters);
const rules: SearchRules = {
  type: 'DiagnosticReport',
  parameters: known,
  sorts: ['time', 'updated'],
  includes: new Map([['result', 'result']]),
  hasProvenance: true,
};
const name = fc.oneof(
  fc.constantFrom(
    ...known.map((one) => one.name),
    '_id',
    '_count',
    '_lastUpdated',
    '_cursor',
    '_sort',
    '_include',
    '_summary',
    '_total',
    'patient:identifier',
  ),
  fc.string(),
);
const value = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    'a|b|c',
    '-date',
    'DiagnosticReport:result',
    '*',
    '|',
    'a\\',
    '\\,',
    ',',
    '2026-02-30',
    'ge2026-01',
    'ap2026',
    'Patient/1',
    'urn:oid:1.2',
    '9999',
    '0000-01-01',
  ),
);

describe('whatever is sent', () => {
  test('a search is answered or refused, and a query never holds what nobody asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 8 }), (given) => {
        const parsed = judged(() => parseSearch(given, rules, NOW));
        if (parsed === undefined) return;
        expect(parsed.count).toBeGreaterThanOrEqual(0);
        expect(parsed.count).toBeLessThanOrEqual(200);
        const lists = judged(() =>
          listsOf(parsed.asked, {
            patient: readPatients(systems),
            identifier: readIdentifiers([studyKind, uuidKind(systems.alert, 'alerts')]),
          }),
        );
        // A patient was asked for: whatever the answer is, it is narrowed.
        const asks = parsed.asked.tokens.some(({ asks: what }) => what === 'patient');
        expect(!asks || lists === undefined || lists.patients !== undefined).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  test('a date is a range that holds the instant it was made from', () => {
    const dates = fc.date({ min: new Date('0002-01-01'), max: new Date('9998-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, fc.constantFrom(4, 7, 10, 16, 19, 23), (at, precision) => {
        const text = at.toISOString().slice(0, precision) + (precision > 10 ? 'Z' : '');
        const [range] = rangesOf('date', text, NOW);
        // Without a zone the date is Viet Nam's: the same calendar day there.
        const ms = precision > 10 ? at.getTime() : at.getTime() - 7 * 3_600_000;
        expect(Date.parse(range?.from ?? '')).toBeLessThanOrEqual(ms);
        expect(Date.parse(range?.before ?? '')).toBeGreaterThan(ms);
      }),
      { numRuns: RUNS },
    );
  });

  test('a Bundle and a Subscription are read or refused', () => {
    const near = fc.record(
      {
        resourceType: fc.constantFrom('Bundle', 'Subscription', 'Parameters'),
        type: fc.constantFrom('collection', 'x'),
        entry: fc.oneof(fc.jsonValue(), fc.array(fc.record({ resource: fc.jsonValue() }))),
        parameter: fc.jsonValue(),
        status: fc.constantFrom('requested', 'x'),
        reason: fc.string(),
        criteria: fc.oneof(
          fc.string(),
          fc.string().map((text) => `DetectedIssue?${text}`),
        ),
        channel: fc.record({ type: fc.constant('rest-hook'), endpoint: fc.string(), header: fc.array(fc.string()) }),
      },
      { requiredKeys: ['resourceType'] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), near), (body) => {
        const bundle = judged(() => readBundle(body));
        const subscription = judged(() => readSubscription(body, ['https://his.example']));
        for (const read of [bundle, subscription]) expect(['object', 'undefined']).toContain(typeof read);
      }),
      { numRuns: RUNS },
    );
  });
});
