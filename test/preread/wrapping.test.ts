// Any wrapping of a film that leaves its pixels alone (syntax, sign, spare bits, shutter, border, orientation, inversion, character set, bytes
// behind the end) gives the model the same tensor, and the reader the same facts.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { prepareImage, type PrepareSpec } from '#preread/read/prepare.ts';
import { compressedFile, type Elements, nativeFile, type Picture, SYNTAX } from '../dicom/support/build.ts';
import { cells, encodeFrame, type Encoder } from '../dicom/support/encode.ts';

const [COLUMNS, ROWS, PEAK] = [96, 120, 4095];
const SPEC: PrepareSpec = {
  steps: [
    { step: 'resize', columns: 16, rows: 16, fit: 'squeeze' },
    { step: 'standardise', floor: 0.02 },
  ],
  atLeast: { columns: 32, rows: 32 },
};
/** A border is found to the pixel where no pixels are averaged; of a reduced frame it leaves part of a line. */
const WHOLE: PrepareSpec = { ...SPEC, atLeast: { columns: 400, rows: 400 } };
const specOf = ({ frame }: Pick<Wrapping, 'frame'>): PrepareSpec => (frame === 'none' ? SPEC : WHOLE);

/** A chest's coarse shapes, without symmetry, and no line that is plain. */
const film = (x: number, y: number): number => {
  const smooth = 0.5 + 0.25 * Math.sin(x / 14) * Math.cos(y / 19) + 0.15 * Math.sin(x / 5 + y / 7);
  return Math.round(PEAK * Math.min(0.95, Math.max(0.05, smooth + 0.02 * Math.sin(x * 12.9 + y * 78.2))));
};

interface Wrapping {
  readonly syntax:
    | 'explicit'
    | 'implicit'
    | 'bigEndian'
    | 'deflated'
    | Exclude<Encoder, 'jpeg' | 'jpeg-ls-near' | 'jpeg-2000-lossy'>;
  readonly signed: boolean;
  /** What stands in the four bits above the value. */
  readonly spareBits: number;
  readonly frame: 'none' | 'shutter' | 'white' | 'black';
  readonly widths: readonly [number, number, number, number];
  readonly turn: 'L\\F' | 'R\\F' | 'L\\H' | 'F\\L' | 'H\\R' | '';
  readonly inverted: boolean;
  readonly characterSet: string;
  readonly comma: boolean;
  readonly rest: number;
}

const wrappings: fc.Arbitrary<Wrapping> = fc.record({
  syntax: fc.constantFrom(
    'explicit',
    'implicit',
    'bigEndian',
    'deflated',
    'jpeg-lossless',
    'jpeg-ls',
    'jpeg-2000',
    'htj2k',
  ),
  signed: fc.boolean(),
  spareBits: fc.nat(15),
  frame: fc.constantFrom('none', 'shutter', 'white', 'black'),
  widths: fc.tuple(
    fc.integer({ min: 3, max: 20 }),
    fc.integer({ min: 3, max: 20 }),
    fc.integer({ min: 3, max: 20 }),
    fc.integer({ min: 3, max: 20 }),
  ),
  turn: fc.constantFrom('L\\F', 'R\\F', 'L\\H', 'F\\L', 'H\\R', ''),
  inverted: fc.boolean(),
  characterSet: fc.constantFrom('', 'ISO_IR 192', 'ISO_IR 100', 'UTF-8', 'ISO_IR 144'),
  comma: fc.boolean(),
  rest: fc.constantFrom(0, 1, 7, 100),
});

/** The film as it lies in the file, border included: what stands at column x, row y of the stored picture. */
function storedPicture({ frame, widths, turn }: Wrapping) {
  const [left, top, right, bottom] = frame === 'none' ? [0, 0, 0, 0] : widths;
  const transposed = turn.startsWith('F') || turn.startsWith('H');
  const [across, down] = transposed ? [ROWS, COLUMNS] : [COLUMNS, ROWS];
  const at = (x: number, y: number): number => {
    const [u, v] = transposed ? [y, x] : [x, y];
    return film(turn.includes('R') ? COLUMNS - 1 - u : u, turn.includes('H') ? ROWS - 1 - v : v);
  };
  const [columns, rows] = [across + left + right, down + top + bottom];
  const values = Array.from({ length: columns * rows }, (_, place) => {
    const [x, y] = [(place % columns) - left, Math.floor(place / columns) - top];
    if (x >= 0 && y >= 0 && x < across && y < down) return at(x, y);
    if (frame === 'shutter') return (place * 2654435761) % PEAK;
    return frame === 'white' ? PEAK : 0;
  });
  const shutter: Elements = {
    0x00181600: ['CS', 'RECTANGULAR'],
    0x00181602: ['IS', String(left)],
    0x00181604: ['IS', String(left + across + 1)],
    0x00181606: ['IS', String(top)],
    0x00181608: ['IS', String(top + down + 1)],
  };
  return { columns, rows, values, tags: frame === 'shutter' ? shutter : {} };
}

const CHEST_FILM: Elements = {
  0x00080060: ['CS', 'DX'],
  0x00180015: ['CS', 'CHEST'],
  0x00185101: ['CS', 'PA'],
};

async function wrapped(wrapping: Wrapping): Promise<Buffer> {
  const { syntax, signed, spareBits, turn, inverted, characterSet, comma, rest } = wrapping;
  const { columns, rows, values, tags } = storedPicture(wrapping);
  const picture: Picture = {
    rows,
    columns,
    bitsAllocated: 16,
    bitsStored: 12,
    signed,
    photometric: inverted ? 'MONOCHROME1' : 'MONOCHROME2',
  };
  const stored = values.map((value) => {
    const shown = inverted ? PEAK - value : value;
    return ((shown - (signed ? 2048 : 0)) & 0xfff) | (spareBits << 12);
  });
  const point = comma ? ',' : '.';
  const more: Elements = {
    ...CHEST_FILM,
    ...tags,
    ...(characterSet === '' ? {} : { 0x00080005: ['CS', characterSet] as const }),
    0x00100010: ['PN', Buffer.from('Nguyễn^Văn An')],
    ...(turn === '' ? {} : { 0x00200020: ['CS', turn] as const }),
    0x00281050: ['DS', `2048${point}0`],
    0x00281051: ['DS', `4096${point}0`],
    ...(signed ? { 0x00281052: ['DS', '2048'] as const, 0x00281053: ['DS', '1'] as const } : {}),
  };
  const end = Buffer.alloc(rest, 0x5a);
  if (syntax === 'explicit' || syntax === 'implicit' || syntax === 'bigEndian' || syntax === 'deflated') {
    const bytes = cells(stored, 16);
    const ordered = syntax === 'bigEndian' ? Buffer.from(bytes).swap16() : bytes;
    const file = nativeFile(picture, ordered, { syntax: SYNTAX[syntax], more });
    return syntax === 'deflated' ? file : Buffer.concat([file, end]);
  }
  const uid = {
    'jpeg-lossless': SYNTAX.jpegLossless,
    'jpeg-ls': SYNTAX.jpegLs,
    'jpeg-2000': SYNTAX.jpeg2000,
    htj2k: SYNTAX.htj2k,
  }[syntax];
  const stream = await encodeFrame(syntax, { ...picture, bitsStored: 16, signed: false }, stored);
  return Buffer.concat([compressedFile(picture, [stream], { syntax: uid, more }), end]);
}

const PLAIN: Wrapping = {
  syntax: 'explicit',
  signed: false,
  spareBits: 0,
  frame: 'none',
  widths: [0, 0, 0, 0],
  turn: '',
  inverted: false,
  characterSet: 'ISO_IR 192',
  comma: false,
  rest: 0,
};

describe('a wrapped film', () => {
  test('gives the tensor and the facts of the plain one', async () => {
    const whole = await prepareImage(await wrapped(PLAIN), WHOLE);
    const reduced = await prepareImage(await wrapped(PLAIN), SPEC);
    await fc.assert(
      fc.asyncProperty(wrappings, async (wrapping) => {
        const prepared = await prepareImage(await wrapped(wrapping), specOf(wrapping));
        const plain = specOf(wrapping) === WHOLE ? whole : reduced;
        const { data } = prepared.tensor;
        const apart = data.map((value, at) => Math.abs(value - (plain.tensor.data[at] ?? Number.NaN)));
        // In standard deviations of the picture; a line at the edge may be cut with a border.
        expect(Math.max(...apart)).toBeLessThan(0.35);
        expect(apart.reduce((sum, value) => sum + value, 0) / apart.length).toBeLessThan(0.06);
        expect(prepared.structure).toBeCloseTo(plain.structure, 1);
        const { tags: _tags, turn: _turn, ...facts } = prepared.facts;
        const { tags: _plainTags, ...plainFacts } = whole.facts;
        expect(facts).toEqual(plainFacts);
        expect(prepared.facts.tags?.patientName).toBe('Nguyễn^Văn An');
      }),
      { numRuns: 150 },
    );
  });
});
