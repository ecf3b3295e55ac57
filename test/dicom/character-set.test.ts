// Names in the character sets of the hospitals that send them; bytes as the standard's own examples write them (PS3.5 annexes H to K).
import { describe, expect, test } from 'vitest';
import { decodeText } from '#dicom/read/character-set.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('Vietnamese', () => {
  test('ISO_IR 192 is UTF-8', () => {
    expect(decodeText(Buffer.from('NGUYỄN^VĂN^ÂN'), ['ISO_IR 192'])).toBe('NGUYỄN^VĂN^ÂN');
  });

  test('UTF-8 without a declared set cannot be mistaken for anything else', () => {
    expect(decodeText(Buffer.from('Trần^Thị Bưởi'), [])).toBe('Trần^Thị Bưởi');
  });

  test.each([[], ['ISO_IR 100'], ['ISO_IR 192'], ['ISO_IR 148'], ['GB18030'], ['WINDOWS-1258'], ['ISO_IR 13']])(
    'cut in the middle of a character it loses that one only (%s)',
    (...sets) => {
      const name = Buffer.from('Nguyễn^Thị Hồng^Giả');
      expect(decodeText(name.subarray(0, -1), sets)).toBe('Nguyễn^Thị Hồng^Gi');
      expect(decodeText(name.subarray(0, -2), sets)).toBe('Nguyễn^Thị Hồng^Gi');
    },
  );

  test('UTF-8 of composed or decomposed letters under GB18030', () => {
    for (const form of ['NFC', 'NFD'])
      expect(decodeText(Buffer.from('Nguyễn^Thị Hồng'.normalize(form)), ['GB18030']).normalize()).toBe(
        'Nguyễn^Thị Hồng',
      );
    expect(decodeText(bytes('CDF5 5E D0A1 B6AB'), ['GB18030'])).toBe('王^小东');
  });

  test.each([[], ['ISO_IR 6'], ['ISO_IR 192'], ['VISCII'], ['WINDOWS-1258'], ['TCVN']])(
    'the older sets of Vietnamese, whatever is declared (%s)',
    (...sets) => {
      const name = 'Nguyễn^Thị Hồng^Giả';
      expect(decodeText(bytes('4E67 7579 AD6E 5E54 68B8 2048 B06E 675E 4769 E4'), sets)).toBe(name); // VISCII
      expect(decodeText(bytes('4E67 7579 EADE 6E5E 5468 69F2 2048 F4CC 6E67 5E47 6961 D2'), sets)).toBe(name); // CP1258
      expect(decodeText(bytes('4E67 7579 D46E 5E54 68DE 2048 E56E 675E 4769 B6'), sets)).toBe(name); // TCVN
      expect(decodeText(bytes('54 72 F2 6E'), sets)).toBe('Tròn');
    },
  );

  test('UTF-8 that was taken for Latin letters and encoded again', () => {
    const name = 'Nguyễn^Thị Hồng^Giả';
    for (const label of ['latin1', 'windows-1252'] as const) {
      const taken =
        label === 'latin1' ? Buffer.from(name).toString('latin1') : new TextDecoder(label).decode(Buffer.from(name));
      for (const sets of [['ISO_IR 192'], ['ISO_IR 100'], []]) expect(decodeText(Buffer.from(taken), sets)).toBe(name);
    }
    for (const other of ['Müller^Jörg', 'Ãlvares^João', 'Đỗ^Hà', 'Â'])
      expect(decodeText(Buffer.from(other), ['ISO_IR 192'])).toBe(other);
  });

  test('other bytes without a declared set are not guessed', () => {
    for (const hex of ['54 72 81 6E', 'CD F5 5E D0 A1 B6 AB', '80 81 82'])
      expect(decodeText(bytes(hex), [])).toContain('\uFFFD');
  });
});

describe('single-byte sets', () => {
  test('Western European letters without a declared set, or under a false one', () => {
    for (const name of ['Müller^Jörg^Gia Lap', 'PEÑA^JOSÉ', 'Gonçalves^Zoë', 'François^Hélène'])
      for (const sets of [[], ['ISO_IR 6'], ['ISO_IR 192'], ['ISO-8859-1'], ['LATIN1']])
        expect(decodeText(Buffer.from(name, 'latin1'), sets)).toBe(name);
  });

  test.each([
    ['ISO_IR 100', 'E4', 'ä'],
    ['ISO_IR 101', 'E8', 'č'],
    ['ISO_IR 109', 'E6', 'ĉ'],
    ['ISO_IR 110', 'E0', 'ā'],
    ['ISO_IR 144', 'BB', 'Л'],
    ['ISO_IR 127', 'E2', 'ق'],
    ['ISO_IR 126', 'E4', 'δ'],
    ['ISO_IR 138', 'F9', 'ש'],
    ['ISO_IR 148', 'FD', 'ı'],
    ['ISO_IR 166', 'A1', 'ก'],
    ['ISO_IR 203', 'A4', '€'],
    ['ISO_IR 13', 'D4', 'ﾔ'],
  ])('%s: %s is %s', (term, hex, expected) => {
    expect(decodeText(bytes(hex), [term])).toBe(expected);
  });

  test('spellings that devices use for the same set', () => {
    for (const term of ['ISO_IR 100', 'ISO-IR 100', 'ISO 2022 IR 100', 'iso_ir 100', 'ISO_IR_100']) {
      expect(decodeText(bytes('E4'), [term])).toBe('ä');
    }
  });
});

describe('code extensions', () => {
  test('Japanese: the example of PS3.5 H.3.1', () => {
    const name = bytes(
      '59 61 6D 61 64 61 5E 54 61 72 6F 75 3D 1B 24 42 3B 33 45 44 1B 28 42 5E 1B 24 42 42 40 4F 3A 1B 28 42 3D' +
        '1B 24 42 24 64 24 5E 24 40 1B 28 42 5E 1B 24 42 24 3F 24 6D 24 26 1B 28 42',
    );
    expect(decodeText(name, ['', 'ISO 2022 IR 87'])).toBe('Yamada^Tarou=山田^太郎=やまだ^たろう');
  });

  test('Japanese with half-width katakana: the example of PS3.5 H.3.2', () => {
    const name = bytes('D4 CF C0 DE 5E C0 DB B3 3D 1B 24 42 3B 33 45 44 1B 28 4A 5E 1B 24 42 42 40 4F 3A 1B 28 4A');
    expect(decodeText(name, ['ISO 2022 IR 13', 'ISO 2022 IR 87'])).toBe('ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎');
  });

  test('Korean: the example of PS3.5 I.2', () => {
    const name = bytes(
      '48 6F 6E 67 5E 47 69 6C 64 6F 6E 67 3D 1B 24 29 43 FB F3 5E 1B 24 29 43 D1 CE D4 D7 3D 1B 24 29 43 C8 AB 5E 1B 24 29 43 B1 E6 B5 BF',
    );
    expect(decodeText(name, ['', 'ISO 2022 IR 149'])).toBe('Hong^Gildong=洪^吉洞=홍^길동');
  });

  test('Chinese: GB18030, GBK and ISO 2022 IR 58', () => {
    expect(decodeText(bytes('CD F5 5E D0 A1 B6 AB'), ['GB18030'])).toBe('王^小东');
    expect(decodeText(bytes('CD F5 5E D0 A1 B6 AB'), ['GBK'])).toBe('王^小东');
    expect(decodeText(bytes('1B 24 29 41 D5 C5 5E 1B 24 29 41 D0 A1 B6 AB'), ['', 'ISO 2022 IR 58'])).toBe('张^小东');
  });

  test('Greek after Latin-1 by an escape, and back at the delimiter', () => {
    const name = bytes('E4 1B 2D 46 E4 5E E4');
    expect(decodeText(name, ['ISO 2022 IR 100', 'ISO 2022 IR 126'])).toBe('äδ^ä');
  });
});
