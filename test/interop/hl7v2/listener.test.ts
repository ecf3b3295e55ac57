// The HL7 door as another system meets it: over TCP, on a real store.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Hl7Listener, startListener } from '#interop/hl7v2/wire/listener.ts';
import { refuseTooLarge, takeMessage } from '#interop/hl7v2/in/take.ts';
import { openTestStore, type TestStore } from '../../store/hosts.ts';
import { frameOf, lines, openPeer, verdictOf } from './peer.ts';

let kept: TestStore;
let listener: Hl7Listener;
const told: string[] = [];

beforeAll(async () => {
  kept = await openTestStore('embedded');
  listener = await startListener({
    host: '127.0.0.1',
    port: 0,
    take: (bytes, part, address) =>
      (part === 'head' ? refuseTooLarge : takeMessage)(bytes, {
        address,
        store: kept.local,
        clock: kept.clock,
        language: 'vi',
        indicators: new Map([['GLU', '2345-7']]),
        fault: (event, thrown) => told.push(`${event} ${String(thrown)}`),
      }),
    told: (event, reason) => told.push(`${event}: ${reason}`),
    limits: { maxMessageBytes: 100_000, messageMs: 2_000 },
  });
});
afterAll(async () => {
  await listener.close();
  await kept.close();
});

async function exchange(message: string | Buffer): Promise<string> {
  const peer = openPeer(listener.port);
  peer.write(typeof message === 'string' ? frameOf(message) : message);
  const answer = await peer.next();
  peer.close();
  return answer ?? '';
}

let number = 0;
const newId = (): string => `T${(number += 1)}`;
const msh = (type: string, parts: { id?: string; version?: string; acks?: string; processing?: string } = {}): string =>
  `MSH|^~\\&|LIS|BV|HAIDANG|BV|20260301080000+0700||${type}|${parts.id ?? newId()}|${parts.processing ?? 'P'}|${parts.version ?? '2.5.1'}|||${parts.acks ?? '|'}||UNICODE UTF-8`;
const pid = (code: string): string => `PID|1||${code}^^^HIS^MR||NGUYỄN^VĂN THỬ||19650131|M`;
const adt = (code: string, parts = {}): string =>
  lines(msh('ADT^A08^ADT_A01', parts), 'EVN|A08|20260301080000', pid(code), 'PV1|1|I|||||||||||||||||MALK1');
const oru = (code: string, obx: readonly string[], parts = {}): string =>
  lines(
    msh('ORU^R01^ORU_R01', parts),
    pid(code),
    'PV1|1|I|||||||||||||||||000000999001^^^HIS^VN',
    'ORC|RE|P1',
    'OBR|1|P1|F1|GLU^Glucose|||20260301070000',
    ...obx,
  );

describe('an answer', () => {
  test('in the original mode is AA, and the message is already kept', async () => {
    const answer = await exchange(adt('BN-1', { id: 'FIRST' }));
    expect(verdictOf(answer)).toEqual({ code: 'AA', controlId: 'FIRST', errors: [] });
    expect((await kept.local.records.get('hl7v2-person', 'BN-1'))?.value).toMatchObject({
      patientCode: 'BN-1',
      name: 'NGUYỄN^VĂN THỬ',
      birthDate: '1965-01-31',
      sex: 'M',
    });
    // Sender and receiver change places; same version; ACK^A08.
    expect(answer).toMatch(/^MSH\|\^~\\&\|HAIDANG\|BV\|LIS\|BV\|\d{14}\+0700\|\|ACK\^A08\^ACK\|\w{20}\|P\|2\.5\.1\|/);
  });

  test.each([
    ['AL|NE', ['CA']],
    ['AL|AL', ['CA', 'AA']],
    ['NE|AL', ['AA']],
    ['ER|NE', []],
    ['SU|NE', ['CA']],
  ])('in the enhanced mode is what MSH-15 and MSH-16 ask for: %s', async (acks, codes) => {
    const peer = openPeer(listener.port);
    // A message in the original mode closes the row, so that silence needs no waiting.
    peer.write(Buffer.concat([frameOf(adt('BN-2', { acks })), frameOf(adt('BN-2'))]));
    const got: string[] = [];
    for (let at = 0; at <= codes.length; at += 1) got.push(verdictOf(await peer.next()).code);
    peer.close();
    expect(got).toEqual([...codes, 'AA']);
  });

  test('is never given to an answer', async () => {
    const peer = openPeer(listener.port);
    peer.write(Buffer.concat([frameOf(lines(msh('ACK^R01^ACK'), 'MSA|AA|X')), frameOf(adt('BN-2', { id: 'AFTER' }))]));
    expect(verdictOf(await peer.next()).controlId).toBe('AFTER');
    peer.close();
  });

  test('to an error says CE where the sender asked for it', async () => {
    const broken = lines(msh('ADT^A08^ADT_A01', { acks: 'ER|NE' }), 'EVN|A08|20260301', 'PID|1||||A^B');
    expect(verdictOf(await exchange(broken))).toMatchObject({ code: 'CE', errors: ['PID^1^3 101'] });
  });

  test.each(['2.3.1', '2.4', '2.5', '2.5.1', '2.6', '2.7'])('comes in version %s', async (version) => {
    const answer = await exchange(adt('BN-3', { version }));
    expect(verdictOf(answer).code).toBe('AA');
    expect(answer.split('|')[11]).toBe(version);
  });

  test('to an old version also holds the older form of the error', async () => {
    const answer = await exchange(lines(msh('ADT^A08', { version: '2.3.1' }), 'EVN|A08', 'PID|1||||A^B'));
    expect(answer).toContain(
      'ERR|PID^1^3^101&Required field missing&HL70357|PID^1^3|101^Required field missing^HL70357|E',
    );
  });
});

describe('what is wrong is named', () => {
  const oneOf = (...obx: readonly string[]): string => oru('BN-4', obx);
  test.each<[string, string, string, string[]]>([
    ['a version that is not read', adt('B', { version: '2.2' }), 'AR', ['MSH^1^12 203']],
    ['a type that is not taken', lines(msh('SIU^S12^SIU_S12'), pid('B')), 'AR', ['MSH^1^9^1^1 200']],
    ['an event that is not taken', lines(msh('ADT^A34^ADT_A30'), pid('B')), 'AR', ['MSH^1^9^1^2 201']],
    ['a message for training', adt('B', { processing: 'T' }), 'AR', ['MSH^1^11 202']],
    ['no control id', adt('B', { id: '' }), 'AE', ['MSH^1^10 101']],
    ['no PID', lines(msh('ADT^A08^ADT_A01'), 'EVN|A08'), 'AE', ['PID^1 100']],
    ['no PID-3', lines(msh('ADT^A08^ADT_A01'), 'EVN|A08', 'PID|1||||A^B'), 'AE', ['PID^1^3 101']],
    ['only a citizen number', lines(msh('ADT^A08^ADT_A01'), 'EVN|A08', 'PID|1||9^^^VN^NI||A'), 'AE', ['PID^1^3 204']],
    ['no EVN', lines(msh('ADT^A08^ADT_A01'), pid('B')), 'AE', ['EVN^1 100']],
    ['an order in an ADT', lines(msh('ADT^A08^ADT_A01'), 'EVN|A08', pid('B'), 'OBR|1'), 'AE', ['OBR^1 100']],
    ['a day that no calendar has', adt('B').replace('19650131', '19650230'), 'AE', ['PID^1^7 102']],
    ['a sex that the table does not know', adt('B').replace('|M\r', '|Q\r'), 'AE', ['PID^1^8 103']],
    ['a number that is none', oneOf('OBX|1|NM|1^a^L||high|g/L|||||F'), 'AE', ['OBX^1^5^1 102']],
    ['no OBX-11', oneOf('OBX|1|NM|1^a^L||5|g/L', 'OBX|2|NM|||5||||||F'), 'AE', ['OBX^1^11 101', 'OBX^2^3 101']],
    ['a status that the table does not know', oneOf('OBX|1|NM|1^a^L||5|g/L|||||Q'), 'AE', ['OBX^1^11 103']],
    ['a type of value that there is not', oneOf('OBX|1|ZZ|1^a^L||5|g/L|||||F'), 'AE', ['OBX^1^2 103']],
    ['a value that is no day', oneOf('OBX|1|DT|1^a^L||20260230||||||F'), 'AE', ['OBX^1^5^1 102']],
    [
      'the first part of a longer message',
      `${oneOf('OBX|1|NM|1^a^L||5|g/L|||||F')}DSC|next|F\r`,
      'AE',
      ['DSC^1^1 100'],
    ],
    ['a type that is a word of JavaScript', lines(msh('constructor^A01'), pid('B')), 'AR', ['MSH^1^9^1^1 200']],
    [
      'a control of an order that is one',
      lines(msh('ORM^O01'), pid('B'), 'ORC|toString|A1', 'OBR|1|A1||X'),
      'AE',
      ['ORC^1^1 103'],
    ],
    ['no type of a value', oneOf('OBX|1||1^a^L||5|g/L|||||F'), 'AE', ['OBX^1^2 101']],
    ['a result of nobody', lines(msh('ORU^R01'), 'OBR|1|P1||X'), 'AE', ['PID^1 100']],
    ['no OBR', lines(msh('ORU^R01^ORU_R01'), pid('B'), 'OBX|1|NM|1||5||||||F'), 'AE', ['OBX^1 100', 'OBR^1 100']],
    ['results before the patient', lines(msh('ORU^R01^ORU_R01'), 'OBR|1', pid('B')), 'AE', ['OBR^1 100']],
    ['an unknown character set', adt('B').replace('UNICODE UTF-8', 'BIG-5'), 'AE', ['MSH^1^18 103']],
    ['letters that ASCII has not', adt('B').replace('UNICODE UTF-8', 'ASCII'), 'AE', ['MSH^1^18 102']],
    [
      'an order without a number',
      lines(msh('ORM^O01^ORM_O01'), pid('B'), 'ORC|NW', 'OBR|1|||X'),
      'AE',
      ['ORC^1^2 101'],
    ],
    ['a segment that is none', lines(msh('ADT^A08^ADT_A01'), 'EVN|A08', 'nonsense'), 'AE', ['EVN^1 100']],
  ])('%s', async (_what, message, code, errors) => {
    const answer = await exchange(message);
    expect(verdictOf(answer)).toMatchObject({ code, errors });
  });

  test('and so is a header that cannot be read', async () => {
    expect(verdictOf(await exchange('hello'))).toEqual({ code: 'AR', controlId: '', errors: ['MSH^1 100'] });
    expect(verdictOf(await exchange('MSH|^^\\&|A|B\r'))).toEqual({
      code: 'AR',
      controlId: '',
      errors: ['MSH^1^2 102'],
    });
  });

  test('in words of the language, without anything of the patient; it leaves a hash and the place', async () => {
    const answer = await exchange(lines(msh('ADT^A08^ADT_A01'), 'EVN|A08', 'PID|1||||BIMAT^B'));
    expect(answer).toContain('Thiếu trường bắt buộc');
    expect(answer).not.toContain('BIMAT');
    const [refusal] = await kept.local.refusals.list({ limit: 1 });
    expect(refusal).toMatchObject({ code: 'hl7v2.field-missing', field: 'PID^1^3' });
  });
});

describe('what is said is kept', () => {
  test('numbers as they were measured, under LOINC where that is known', async () => {
    const answer = await exchange(
      oru('BN-5', [
        'OBX|1|NM|2160-0^Creatinine^LN||88|umol/L^^UCUM|||||F|||20260301063000',
        'OBX|2|SN|GLU^Glucose^L||<^2.5|mmol/L|||||F',
        'OBX|3|NM|XYZ^?^99L^718-7^Hb^LN||140|g/L|||||C',
        'OBX|4|ST|NOTE^Note^L||haemolysed \\T\\ old||||||F',
        'OBX|5|NM|GLU^Glucose^L||99|mmol/L|||||P',
        'OBX|6|NM|2951-2^a code of our own||7|mmol/L|||||F',
        'OBX|7|NM|2823-3^Potassium^LOINC||4|mmol/L|||||F',
      ]),
    );
    expect(verdictOf(answer).code).toBe('AA');
    const rows = await kept.local.measurements.ofPatient('BN-5');
    const about = { patientId: 'BN-5', recordId: '000000999001', source: 'hl7v2' };
    const drawn = '2026-03-01T07:00:00+07:00';
    expect(rows.map(({ dedupKey: _key, ...row }) => row)).toHaveLength(6);
    expect(rows).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          ...about,
          code: '2160-0',
          value: 88,
          unit: 'umol/L',
          time: '2026-03-01T06:30:00+07:00',
        }),
        expect.objectContaining({ ...about, code: '2345-7', value: 2.5, comparator: '<', unit: 'mmol/L', time: drawn }),
        expect.objectContaining({ ...about, code: '718-7', value: 140 }),
        expect.objectContaining({ ...about, code: 'hl7v2:NOTE', value: 'haemolysed & old' }),
        // No coding system says that it is LOINC, so it is not sodium.
        expect.objectContaining({ ...about, code: 'hl7v2:2951-2', value: 7 }),
        expect.objectContaining({ ...about, code: '2823-3', value: 4 }),
      ]),
    );
  });

  test('the lines of a report as one report', async () => {
    await exchange(
      lines(
        'MSH|^~\\&|PACS|HOSP|HIS|HOSP|20261122091500||ORU^R01|MSG00002|P|2.3.1',
        'PID|1||0000099901||NGUYEN^VAN THU NGHIEM||19650101|M',
        'ORC|RE|1234567',
        'OBR|1|1234567||18.0119.0028^Chup Xquang nguc thang|||20261122085000|20261122091000',
        'OBX|1|ST|STUDY|1.2.826.0.1.3680043.8.498.1|MO_TA: ...||||||F|||20261122091000||bs03^Bac si CDHA||XQ1',
      ),
    );
    expect(await kept.local.measurements.reportsOfPatient('0000099901')).toEqual([
      expect.objectContaining({ recordId: '1234567', service: '18.0119.0028', text: 'MO_TA: ...' }),
    ]);
  });

  test('an order under its accession number; cancelled by a later message, not by one that comes late', async () => {
    const order = (control: string, time: string): string =>
      lines(
        msh('ORM^O01^ORM_O01').replace('20260301080000', time),
        pid('BN-6'),
        `ORC|${control}|1234567`,
        'OBR|1|1234567||36554-4^XR Chest^LN',
      );
    const state = async () => (await kept.local.records.get('hl7v2-order', '1234567'))?.value;
    await exchange(order('NW', '20260301080000'));
    expect(await state()).toMatchObject({ patientCode: 'BN-6', state: 'ordered', service: { code: '36554-4' } });
    await exchange(order('CA', '20260301090000'));
    await exchange(order('XO', '20260301083000'));
    expect(await state()).toMatchObject({ state: 'cancelled' });
  });

  test('an order whose status alone says that it is withdrawn is cancelled', async () => {
    for (const [orc, state] of [
      ['ORC|SC|S1|||IP', 'ordered'],
      ['ORC|SC|S1|||CA', 'cancelled'],
    ] as const) {
      await exchange(lines(msh('ORM^O01'), pid('BN-6'), orc, 'OBR|1|S1||XQ'));
      expect((await kept.local.records.get('hl7v2-order', 'S1'))?.value).toMatchObject({ state });
    }
  });

  test.each<[string, readonly string[], object]>([
    [
      '2.5.1, timing in TQ1',
      [
        'ORC|NW|Q1|||||||||||||||CC^Khoa Cấp cứu',
        'TQ1|1||||||||S^Stat^HL70485',
        'OBR|1|Q1||36554-4^XR Chest^LN|||||||||||||||||||||||||||^Ho ra máu, loại trừ lao?',
      ],
      { priority: 'critical', question: 'Ho ra máu, loại trừ lao?', department: 'Khoa Cấp cứu' },
    ],
    [
      'older, priority in OBR-27 and the question in OBR-13',
      ['ORC|NW|Q2', 'OBR|1|Q2||XQ^XQ ngực|||||||||Sốt, ho|||BS01^TRẦN^AN|||||||||||^^^^^ASAP'],
      { priority: 'urgent', question: 'Sốt, ho', physician: 'TRẦN AN', department: 'K01' },
    ],
    [
      'oldest, priority in OBR-5',
      ['ORC|NW|Q3||||||||||BS02', 'OBR|1|Q3||XQ^XQ ngực|STAT'],
      { priority: 'critical', physician: 'BS02' },
    ],
    ['routine', ['ORC|NW|Q4', 'TQ1|1||||||||R', 'OBR|1|Q4||XQ^XQ ngực'], { accession: 'Q4' }],
  ])('why and how soon an order is wanted: %s', async (_, segments, expected) => {
    const accession = segments[0]?.split('|')[2] ?? '';
    const message = lines(msh('ORM^O01^ORM_O01'), pid('BN-6'), 'PV1|1|I|K01^P2', ...segments);
    expect(verdictOf(await exchange(message)).code).toBe('AA');
    const value = (await kept.local.records.get('hl7v2-order', accession))?.value;
    expect(value).toMatchObject(expected);
    expect(value).toHaveProperty('department');
    expect(Object.keys(Object(value)).includes('priority')).toBe('priority' in expected);
  });

  test('once: the same message again gets the same answer, other content under its number an error', async () => {
    const message = oru('BN-7', ['OBX|1|NM|2160-0^Creatinine^LN||88|umol/L|||||F'], { id: 'TWICE' });
    const first = await exchange(message);
    kept.clock.advance(60_000);
    expect(await exchange(message)).toBe(first);
    // Sent again with the moment of sending written anew: what it says is the same.
    expect(await exchange(message.replace('20260301080000+0700', '20260301081500+0700'))).toBe(first);
    expect(await kept.local.measurements.ofPatient('BN-7')).toHaveLength(1);
    expect(verdictOf(await exchange(message.replace('||88|', '||89|')))).toEqual({
      code: 'AE',
      controlId: 'TWICE',
      errors: ['MSH^1^10 205'],
    });
    expect(await kept.local.measurements.ofPatient('BN-7')).toHaveLength(1);
    expect((await kept.local.audit.verify()).intact).toBe(true);
  });

  test('a corrected value takes the place of the first, and one that is withdrawn is used no more', async () => {
    const result = (...obx: readonly string[]) => exchange(oru('BN-15', obx));
    const values = async () => (await kept.local.measurements.ofPatient('BN-15')).map(({ value }) => value);
    const sodium = (value: string, status: string) => `OBX|1|NM|2951-2^Sodium^LN|1|${value}|mmol/L|||||${status}`;
    const other = 'OBX|2|NM|2823-3^Potassium^LN|1|4|mmol/L|||||F';
    await result(sodium('140', 'F'), other);
    expect(verdictOf(await result(sodium('104', 'C'))).code).toBe('AA');
    expect(new Set(await values())).toEqual(new Set([104, 4]));
    // Corrected back to what it was at first.
    await result(sodium('140', 'C'));
    expect(new Set(await values())).toEqual(new Set([140, 4]));
    expect(verdictOf(await result(sodium('140', 'W'))).code).toBe('AA');
    expect(await values()).toEqual([4]);
    // A late copy of the first message brings nothing back.
    await result(sodium('140', 'F'), other);
    expect(await values()).toEqual([4]);
    await result('OBX|2|NM|2823-3^Potassium^LN|1|||||||D');
    expect(await values()).toEqual([]);
  });

  test('a corrected report takes the place of the first', async () => {
    const report = (text: string, status: string) =>
      exchange(oru('BN-16', [`OBX|1|TX|R^Report||${text}||||||${status}`]));
    const texts = async () => (await kept.local.measurements.reportsOfPatient('BN-16')).map(({ text }) => text);
    await report('Bình thường', 'F');
    await report('Tràn dịch', 'C');
    expect(await texts()).toEqual(['Tràn dịch']);
    await report('Tràn dịch', 'W');
    expect(await texts()).toEqual([]);
  });

  test('two patients in one message each with their own visit', async () => {
    const group = (code: string, visit: string) => [
      pid(code),
      `PV1|1|I|||||||||||||||||${visit}`,
      'OBR|1|P1||GLU',
      'OBX|1|NM|GLU||5|mmol/L|||||F',
    ];
    await exchange(lines(msh('ORU^R01'), ...group('BN-17', 'V17'), ...group('BN-18', 'V18')));
    expect(await kept.local.measurements.ofPatient('BN-18')).toMatchObject([{ recordId: 'V18' }]);
  });

  test('times in the zone of the message where they name none, and in that of Viet Nam where it has none', async () => {
    const obx = 'OBX|1|NM|GLU||5|mmol/L|||||F|||20260301070000';
    const at = async (code: string, message: string) => {
      await exchange(message);
      return (await kept.local.measurements.ofPatient(code)).map(({ time }) => time);
    };
    expect(await at('BN-20', oru('BN-20', [obx]).replace('080000+0700', '080000+0000'))).toEqual([
      '2026-03-01T07:00:00+00:00',
    ]);
    expect(await at('BN-21', oru('BN-21', [obx]).replace('080000+0700', '080000'))).toEqual([
      '2026-03-01T07:00:00+07:00',
    ]);
    const own = oru('BN-22', [`${obx}-0500`]).replace('080000+0700', '080000+0000');
    expect(await at('BN-22', own)).toEqual(['2026-03-01T07:00:00-05:00']);
  });

  test('units as they were meant, and no file as a value', async () => {
    await exchange(
      oru('BN-19', [
        'OBX|1|NM|26464-8^WBC^LN||9.1|10^9/L|||||F',
        'OBX|2|NM|2160-0^Creatinine^LN||88|^umol/L|||||F',
        'OBX|3|ED|PDF^Report||^application^pdf^Base64^QUJD||||||F',
        'OBX|4|CWE|5778-6^Colour^LN||^^||||||F',
        'OBX|5|CWE|5778-6^Colour^LN||^^^^vàng||||||F',
      ]),
    );
    const rows = await kept.local.measurements.ofPatient('BN-19');
    expect(rows.map(({ value, unit }) => [value, unit]).toSorted()).toEqual([
      [88, 'umol/L'],
      [9.1, '10^9/L'],
      ['vàng', undefined],
    ]);
  });

  test('all or nothing: one bad value refuses the message', async () => {
    const good = 'OBX|1|NM|2160-0^Creatinine^LN||88|umol/L|||||F';
    expect(verdictOf(await exchange(oru('BN-8', [good, 'OBX|2|NM|1^b^L||x|||||||F']))).code).toBe('AE');
    expect(await kept.local.measurements.ofPatient('BN-8')).toEqual([]);
  });
});

describe('encoding', () => {
  test('characters are those of MSH-1 and MSH-2, and the character set is the one of MSH-18', async () => {
    const message = adt('BN-9').replace('UNICODE UTF-8', '8859/1').replace('NGUYỄN^VĂN THỬ', 'LÊ^AN');
    const other = message
      .replaceAll('|', '#')
      .replaceAll('^', '@')
      .replace('@~\\&', '@~!$')
      .replace('AN#', 'A!T!N!X0D0A!#');
    const bytes = Buffer.concat([Buffer.of(0x0b), Buffer.from(other, 'latin1'), Buffer.of(0x1c, 0x0d)]);
    expect(verdictOf(await exchange(bytes)).code).toBe('AA');
    expect((await kept.local.records.get('hl7v2-person', 'BN-9'))?.value).toMatchObject({ name: 'LÊ^A$N' });
  });

  test('what tools put before a message is read over, and so is how a sender spells its character set', async () => {
    const message = adt('BN-14').replace('UNICODE UTF-8', 'unicode utf-8');
    expect(verdictOf(await exchange(`\ufeff\r\n${message}`)).code).toBe('AA');
  });

  test('bytes that are no UTF-8 are refused, not repaired', async () => {
    const bytes = Buffer.from(adt('BN-10').replace('NGUYỄN', 'L\u00ca'), 'latin1');
    const framed = Buffer.concat([Buffer.of(0x0b), bytes, Buffer.of(0x1c, 0x0d)]);
    expect(verdictOf(await exchange(framed))).toMatchObject({ code: 'AE', errors: ['MSH^1^18 102'] });
  });
});

describe('frames', () => {
  test('are put together from single bytes, and several in one packet are answered in turn', async () => {
    const peer = openPeer(listener.port);
    const one = frameOf(adt('BN-11', { id: 'ONE' }));
    for (const byte of one.subarray(0, 40)) {
      peer.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    peer.write(
      Buffer.concat([one.subarray(40), frameOf(adt('BN-11', { id: 'TWO' })), frameOf(adt('BN-11', { id: 'THREE' }))]),
    );
    const ids = [await peer.next(), await peer.next(), await peer.next()].map((answer) => verdictOf(answer).controlId);
    peer.close();
    expect(ids).toEqual(['ONE', 'TWO', 'THREE']);
  });

  test('a message that is larger than one may be is refused with its number, and the next one is taken', async () => {
    const peer = openPeer(listener.port);
    const large = oru('BN-11', [`OBX|1|TX|1^a^L||${'x'.repeat(250_000)}||||||F`], { id: 'LARGE' });
    peer.write(Buffer.concat([frameOf(large), frameOf(adt('BN-11', { id: 'NEXT' }))]));
    expect(verdictOf(await peer.next())).toEqual({ code: 'AE', controlId: 'LARGE', errors: ['MSH^1 207'] });
    expect(verdictOf(await peer.next())).toEqual({ code: 'AA', controlId: 'NEXT', errors: [] });
    peer.close();
    expect(await kept.local.measurements.reportsOfPatient('BN-11')).toEqual([]);
  });

  test('a message is whole too where its last byte is left out and the next one begins', async () => {
    const peer = openPeer(listener.port);
    const without = frameOf(adt('BN-11', { id: 'FOUR' })).subarray(0, -1);
    peer.write(Buffer.concat([without, frameOf(adt('BN-11', { id: 'FIVE' }))]));
    const ids = [await peer.next(), await peer.next()].map((answer) => verdictOf(answer).controlId);
    peer.close();
    expect(ids).toEqual(['FOUR', 'FIVE']);
  });

  test.each<[string, Buffer, string]>([
    ['that is none', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'frame refused: garbage'],
    ['that ends otherwise', Buffer.from('\u000bMSH\u001cX'), 'frame refused: bad-end'],
    ['that never ends', Buffer.from('\u000bMSH|'), 'frame refused: too-slow'],
  ])('one %s closes its connection, and others are served', async (_what, bytes, reason) => {
    const peer = openPeer(listener.port);
    peer.write(bytes);
    expect(await peer.next()).toBeUndefined();
    expect(told).toContain(reason);
    expect(verdictOf(await exchange(adt('BN-12'))).code).toBe('AA');
  });
});

test('a store that fails is answered AR 207: the sender keeps the message', async () => {
  const answers = await takeMessage(Buffer.from(adt('BN-13')), {
    address: '127.0.0.1',
    store: {
      incoming: { take: () => Promise.reject(new Error('disk full')) },
      refusals: kept.local.refusals,
    },
    clock: kept.clock,
    language: 'en',
    indicators: new Map(),
    fault: () => undefined,
  });
  expect(answers.map(verdictOf)).toMatchObject([{ code: 'AR', errors: ['MSH^1 207'] }]);
});

describe('diagnoses', () => {
  const visit = (code: string, diagnoses: readonly string[], event = 'A08'): string =>
    lines(
      msh(`ADT^${event}^ADT_A01`),
      `EVN|${event}|20260301080000`,
      pid(code),
      'PV1|1|I|||||||||||||||||MALK1',
      ...diagnoses,
    );
  const diagnosesOf = async (code: string) =>
    (await kept.local.measurements.ofPatient(code)).map(({ code: named, system, value, time, recordId }) => ({
      named,
      system,
      value,
      time,
      recordId,
    }));
  const ICD10 = 'http://hl7.org/fhir/sid/icd-10';

  test('of an ADT are kept with their system, their day and the visit; a suspicion and a text without a code are not', async () => {
    const answer = await exchange(
      visit('BN-DG1', [
        'DG1|1||E11.9^Đái tháo đường^I10||20190312|F',
        'DG1|2|I10|I63.9^Nhồi máu não|||F',
        'DG1|3||I21.9^Nhồi máu cơ tim^I10||20260301|W',
        'DG1|4||C50.9^U vú^I10||20260301|A',
        'DG1|5|||Theo dõi||F',
        'DG1|6||X1^Mã riêng^99BV||20260301|F',
      ]),
    );
    expect(verdictOf(answer).code).toBe('AA');
    const found = await diagnosesOf('BN-DG1');
    expect(found.toSorted((a, b) => a.named.localeCompare(b.named))).toEqual([
      { named: 'E11.9', system: ICD10, value: true, time: '2019-03-12', recordId: 'MALK1' },
      { named: 'hl7v2:X1', system: '99BV', value: true, time: '2026-03-01', recordId: 'MALK1' },
      { named: 'I63.9', system: ICD10, value: true, time: '2026-03-01T08:00:00+07:00', recordId: 'MALK1' },
    ]);
  });

  test('that a later list of the visit no longer names are withdrawn; a message without any changes nothing', async () => {
    const codes = async () => (await diagnosesOf('BN-LIST')).map(({ named }) => named).toSorted();
    const [diabetes, stroke] = ['DG1|1||E11.9^^I10||20190312|F', 'DG1|2||I63.9^^I10||20260228|F'];
    await exchange(visit('BN-LIST', [diabetes, stroke]));
    await exchange(visit('BN-LIST', []));
    expect(await codes()).toEqual(['E11.9', 'I63.9']);
    await exchange(visit('BN-LIST', [diabetes]));
    expect(await codes()).toEqual(['E11.9']);
    await exchange(visit('BN-LIST', [diabetes, stroke]));
    expect(await codes()).toEqual(['E11.9', 'I63.9']);
    await exchange(visit('BN-LIST', [], 'A11'));
    expect(await codes()).toEqual([]);
  });

  test.each([
    ['a time that is none', 'DG1|1||E11.9^^I10||2019-03-12|F', 'DG1^1^5'],
    ['a type that is none', 'DG1|1||E11.9^^I10||20190312|Q', 'DG1^1^6'],
    ['the deletion of one diagnosis', `DG1|1||E11.9^^I10||20190312|F${'|'.repeat(15)}D`, 'DG1^1^21'],
  ])('%s is refused at its field', async (_what, segment, place) => {
    const { code, errors } = verdictOf(await exchange(visit('BN-BAD', [segment])));
    expect([code, errors]).toEqual(['AE', [expect.stringContaining(place)]]);
    expect(await diagnosesOf('BN-BAD')).toEqual([]);
  });
});
