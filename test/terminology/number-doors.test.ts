// One text of a laboratory, one reading at every door: the table of docs/glossary.md is run through each of them.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readObservations } from '#interop/fhir-model/observations.ts';
import { readLaboratory } from '#interop/hispro/client/patient-data.ts';
import { readContent } from '#interop/hl7v2/in/read.ts';
import { openMessage } from '#interop/hl7v2/wire/header.ts';
import { readResultRow } from '#interop/xml130/read/result-row.ts';
import type { Measurement } from '#kernel/measurement.ts';
import { readMeasurements } from '#risk/measure/read.ts';
import { createRegistry } from '#risk/measure/registry.ts';
import { readNumber } from '#terminology/number.ts';

/** `< 0.01`, `5.2`, or `–` for a text that is not used. */
type Reading = string;

const told = (value: number | null | undefined, comparator?: string | null): Reading =>
  value === null || value === undefined ? '–' : `${comparator ? `${comparator} ` : ''}${value}`;

/** Whatever a door keeps, a number or the text, the risk room reads it so. */
function readingOf(measurement: Pick<Measurement, 'value' | 'comparator'> | undefined): Reading {
  const read = readNumber(measurement?.value ?? '');
  return told(read?.value, measurement?.comparator ?? read?.comparator);
}

function hl7(type: string, field: string): Reading {
  const text = [
    'MSH|^~\\&|LAB|H|CDS|H|20260301080000||ORU^R01|1|P|2.5.1|||||||UNICODE UTF-8',
    'PID|1||BN^^^H^MR||A^B',
    'OBR|1|1||X^X^L',
    `OBX|1|${type}|2160-0^Creatinine^LN||${field}|mg/dL|||||F`,
  ].join('\r');
  const { header, message } = openMessage(Buffer.from(text));
  if (header === undefined || message === undefined) throw new Error('the header is unreadable');
  return readingOf(readContent({ header, message, indicators: new Map(), faults: [] }).measurements[0]);
}

/** `<` and `5` have components of their own in SN. */
const structured = (text: string): string => {
  const [, sign = '', rest = ''] = /^\s*(<=|>=|[<>])?(.*)$/s.exec(text) ?? [];
  return `${sign}^${rest.trim()}`;
};

function claim(text: string): Reading {
  const fields = {
    MA_LK: '1',
    MA_DICH_VU: '1',
    MA_CHI_SO: 'A',
    GIA_TRI: text,
    DON_VI_DO: 'mg/dL',
    NGAY_KQ: '20260301',
  };
  const [found] = readResultRow(
    { fields, unclear: new Set() },
    { identity: { record: '1', patient: '1', name: '' }, groups: new Map(), indicators: new Map() },
  );
  return found?.kind === 'measurement' ? told(found.value, found.comparator) : '–';
}

async function hispro(text: string): Promise<Reading> {
  const answer = { ChiSoXetNghiem: [{ TestIndexCode: 'C', Value: text, ExecuteTime: 20260301080000 }] };
  const client = { get: async () => answer, post: async () => null, file: async () => null };
  const codes = new Map([['C', { loinc: '2160-0', unit: 'mg/dL' }]]);
  const { measurements } = await readLaboratory(client as never, '1', codes);
  return readingOf(measurements[0]);
}

const fhir = (text: string): Reading =>
  readingOf(
    readObservations([
      {
        resourceType: 'Observation',
        status: 'final',
        code: { coding: [{ system: 'http://loinc.org', code: '2160-0' }] },
        valueString: text,
      },
    ]).measurements[0],
  );

const registry = createRegistry([]);

/** A quantity whose plausible values hold everything that is tried here. */
function api(text: string): Reading {
  const measurement = { code: 'hbv_dna_copies', value: text, unit: '{copies}/mL' };
  const { features } = readMeasurements([measurement], registry, { asOf: new Date('2026-03-01T00:00:00Z') });
  const feature = features.get('hbv_dna_copies');
  if (feature === undefined) return '–';
  return feature.kind === 'bounds' ? readingOf(measurement) : told(feature.kind === 'number' ? feature.value : null);
}

/** What would cut a field into parts is written as HL7 writes it. */
const escaped = (text: string): string => text.replaceAll('^', '\\S\\').replaceAll('~', '\\R\\');

const DOORS: Readonly<Record<string, (text: string) => Reading | Promise<Reading>>> = {
  'claim XML': claim,
  HisPro: hispro,
  'HL7 NM': (text) => hl7('NM', escaped(text)),
  'HL7 SN': (text) => hl7('SN', structured(escaped(text))),
  'HL7 ST': (text) => hl7('ST', escaped(text)),
  FHIR: fhir,
};

const LINE = /^\| `(?<text>[^`]+)` \| (?<reading>[^|]+) \|/;

const table = readFileSync('docs/glossary.md', 'utf8')
  .split('\n')
  .flatMap((line) => {
    const { text, reading } = LINE.exec(line)?.groups ?? {};
    if (text === undefined || reading === undefined) return [];
    return [{ text: text.replaceAll('·', ' ').replaceAll('⍽', '\u00A0'), reading: reading.trim() }];
  });

test('the table is there', () => {
  expect(table.length).toBeGreaterThan(35);
});

describe.each(Object.entries(DOORS))('%s', (_, door) => {
  test.each(table)('$text is $reading', async ({ text, reading }) => {
    expect(await door(text)).toBe(reading);
  });
});

describe('the API', () => {
  const possible = table.filter(({ reading }) => !reading.startsWith('-') && !reading.startsWith('12345678'));
  test.each(possible)('$text is $reading', ({ text, reading }) => {
    expect(api(text)).toBe(reading);
  });
});

test('whatever is written, every door reads it alike', async () => {
  const piece = fc.constantFrom(
    '<',
    '>',
    '=',
    '≤',
    '-',
    '+',
    '0',
    '1',
    '23',
    '456',
    '.',
    ',',
    ' ',
    '\u00A0',
    '５',
    'g',
    '%',
  );
  const text = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));
  await fc.assert(
    fc.asyncProperty(text, async (written) => {
      fc.pre(written.trim() !== '');
      const expected = readingOf({ value: written });
      for (const [name, door] of Object.entries(DOORS)) expect([name, await door(written)]).toEqual([name, expected]);
    }),
    { numRuns: Number(process.env['HAIDANG_FUZZ_RUNS'] ?? 300) },
  );
});

test('a decimal comma is a decimal point, except where it could be a thousand', () => {
  fc.assert(
    fc.property(fc.nat(99_999), fc.stringMatching(/^\d{1,6}$/), (whole, fraction) => {
      const read = readNumber(`${whole},${fraction}`);
      const ambiguous = fraction.length === 3 && whole > 0 && whole < 1000;
      expect(read?.value).toBe(ambiguous ? undefined : Number(`${whole}.${fraction}`));
    }),
  );
});
