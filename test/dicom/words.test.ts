// Modality, body part and view in the words that sites use: a known word becomes the defined term, another part or view stays what it is.
import { describe, expect, test } from 'vitest';
import { bodyPartOf, chestOfDescription, modalityOf, viewOfDescription, viewPositionOf } from '#dicom/read/words.ts';

test.each(['CR', 'DX', 'dx', 'DR', 'RG', 'XR', 'RX', 'X-RAY', 'CR/DX'])('%s is a plain radiograph', (word) => {
  expect(['CR', 'DX']).toContain(modalityOf(word));
});

test.each(['US', 'CT', 'MR', 'MG', 'RF', 'XA', 'OT', 'SC', 'PX', 'IO', 'ECG'])('%s stays what it is', (word) => {
  expect(modalityOf(word)).toBe(word);
});

test.each([
  'CHEST',
  'Chest',
  'NGUC',
  'NGỰC',
  'ngực',
  'Ngực'.normalize('NFD'),
  'PHỔI',
  'PHOI',
  'TIM PHỔI',
  'LỒNG NGỰC',
  'NGỰC THẲNG',
  'THORAX',
  'TORAX',
  'TÓRAX',
  'CHEST PA',
  'CHEST_PA',
  'CHESTPA',
  'CHEST^PA',
  'LUNGS',
  'CXR',
  'LONGNGUC',
  'NGUCTHANG',
  'Klatki piersiowej',
  'GÖĞÜS',
  'Грудная клетка',
  '胸部',
])('%s is the chest', (word) => {
  expect(bodyPartOf(word)).toBe('CHEST');
});

test.each([
  ['BỤNG', 'BỤNG'],
  ['Bung', 'BUNG'],
  ['ABDOMEN', 'ABDOMEN'],
  ['CHEST/ABDOMEN', 'CHEST/ABDOMEN'],
  ['CHESTABDPELVIS', 'CHESTABDPELVIS'],
  ['CỘT SỐNG NGỰC', 'CỘT SỐNG NGỰC'],
  ['CHEST RIBS', 'CHEST RIBS'],
  ['KNEE', 'KNEE'],
  ['TSPINE', 'TSPINE'],
  ['THORACIC SPINE', 'THORACIC SPINE'],
  ['XƯƠNG SƯỜN', 'XƯƠNG SƯỜN'],
  ['UNKNOWN', undefined],
  ['N/A', undefined],
])('%s is no chest: %s', (word, expected) => {
  expect(bodyPartOf(word)).toBe(expected);
});

test.each([
  ['PA', 'PA'],
  ['P-A', 'PA'],
  ['P.A.', 'PA'],
  ['p/a', 'PA'],
  ['PA ERECT', 'PA'],
  ['CHEST PA', 'PA'],
  ['SAUTRUOC', 'PA'],
  ['APSUPINE', 'AP'],
  ['POSTERO-ANTERIOR', 'PA'],
  ['POSTEROANTERIOR', 'PA'],
  ['Sau trước', 'PA'],
  ['A-P', 'AP'],
  ['AP SUPINE', 'AP'],
  ['AP_SITTING', 'AP'],
  ['ANTERO-POSTERIOR', 'AP'],
  ['LL', 'LL'],
  ['Lateral', 'LATERAL'],
  ['CHEST LATERAL', 'CHEST LATERAL'],
  ['PA LAT', 'PA LAT'],
  ['AP/PA', 'AP/PA'],
  ['AP LORDOTIC', 'AP LORDOTIC'],
  ['LAO', 'LAO'],
  ['NGHIÊNG', 'NGHIÊNG'],
  ['FRONTAL', undefined],
  ['Thẳng', undefined],
  ['ERECT', undefined],
])('View Position %s means %s', (word, expected) => {
  expect(viewPositionOf(word)).toBe(expected);
});

describe('a description', () => {
  test('tells the view only where it names one', () => {
    expect(viewOfDescription('Chest P.A. erect')).toBe('PA');
    expect(viewOfDescription('Ngực thẳng AP')).toBe('AP');
    expect(viewOfDescription('W033 Chest LAT')).toBe('LATERAL');
    expect(viewOfDescription('Chest PA and lateral')).toBeUndefined();
    expect(viewOfDescription('Chest')).toBeUndefined();
    expect(viewOfDescription('PATIENT TRAP')).toBeUndefined();
  });

  test('tells the chest, never another part', () => {
    expect(chestOfDescription('Chụp X-quang ngực thẳng')).toBe('CHEST');
    expect(chestOfDescription('Khớp gối')).toBeUndefined();
    expect(chestOfDescription('Cột sống ngực')).toBeUndefined();
  });
});
