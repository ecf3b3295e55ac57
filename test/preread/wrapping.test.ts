// Any wrapping of a film that leaves its pixels alone (syntax, depth, sign, spare bits, shutters of every shape, border, orientation, inversion,
// character set, bytes behind the end) gives the model the same tensor, the reader the same facts, and a resend the same identity.
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { pictureIdentity } from '#dicom/pixels/picture-identity.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { startEngine } from '#inference/engine/start-engine.ts';
import { loadModels, modelNamed } from '#models/load.ts';
import { judgeHeads } from '#preread/read/findings.ts';
import { renderFilm } from '#preread/read/film-images.ts';
import { prepareImage, type PrepareSpec, specFor } from '#preread/read/prepare.ts';
import { encodeOnGrid, type Grid } from '../dicom/support/encode-grid.ts';
import { compressedFile, type Elements, nativeFile, type Picture, SYNTAX } from '../dicom/support/build.ts';
import { cells, encodeFrame, encodeRle, type Encoder } from '../dicom/support/encode.ts';

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
    | 'rle'
    | Exclude<Encoder, 'jpeg' | 'jpeg-ls-near' | 'jpeg-2000-lossy'>;
  /** Of JPEG 2000 and HTJ2K. */
  readonly grid: Grid;
  readonly signed: boolean;
  /** Bits of a value, which stand at the low end of the cell, or at the high end. */
  readonly bitsStored: 10 | 12 | 14;
  readonly atHighEnd: boolean;
  /** What stands in the bits of the cell that are no part of the value. */
  readonly spareBits: number;
  readonly frame: 'none' | 'rectangle' | 'polygon' | 'bitmap' | 'white' | 'black';
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
    'rle',
    'jpeg-lossless',
    'jpeg-ls',
    'jpeg-2000',
    'htj2k',
  ),
  grid: fc.record({
    left: fc.oneof(fc.constant(0), fc.nat(70)),
    top: fc.oneof(fc.constant(0), fc.nat(70)),
    levels: fc.integer({ min: 1, max: 5 }),
    block: fc.constantFrom(16, 32, 64),
    progression: fc.nat(4),
  }),
  signed: fc.boolean(),
  bitsStored: fc.constantFrom(10, 12, 14),
  atHighEnd: fc.boolean(),
  spareBits: fc.nat(63),
  frame: fc.constantFrom('none', 'rectangle', 'polygon', 'bitmap', 'white', 'black'),
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
    if (frame === 'white') return PEAK;
    return frame === 'black' ? 0 : (place * 2654435761) % PEAK;
  });
  return { columns, rows, values, tags: shutterTags(frame, { left, top, across, down, columns, rows }) };
}

interface Shown {
  readonly left: number;
  readonly top: number;
  readonly across: number;
  readonly down: number;
  readonly columns: number;
  readonly rows: number;
}

function shutterTags(frame: Wrapping['frame'], { left, top, across, down, columns, rows }: Shown): Elements {
  const [right, bottom] = [left + across, top + down];
  if (frame === 'rectangle')
    return {
      0x00181600: ['CS', 'RECTANGULAR'],
      0x00181602: ['IS', String(left)],
      0x00181604: ['IS', String(right + 1)],
      0x00181606: ['IS', String(top)],
      0x00181608: ['IS', String(bottom + 1)],
    };
  if (frame === 'polygon') {
    const corners = [top + 1, left + 1, top + 1, right, bottom, right, bottom, left + 1];
    return { 0x00181600: ['CS', 'POLYGONAL'], 0x00181620: ['IS', corners.join('\\')] };
  }
  if (frame !== 'bitmap') return {};
  const bits = Buffer.alloc(2 * Math.ceil((columns * rows) / 16));
  for (let place = 0; place < columns * rows; place++) {
    const [x, y] = [place % columns, Math.floor(place / columns)];
    if (x < left || x >= right || y < top || y >= bottom) bits[place >> 3]! |= 1 << (place & 7);
  }
  return {
    0x00181600: ['CS', 'BITMAP'],
    0x00181623: ['US', 0x6000],
    0x60000010: ['US', rows],
    0x60000011: ['US', columns],
    0x60000050: ['SS', [1, 1]],
    0x60003000: ['OB', bits],
  };
}

const CHEST_FILM: Elements = {
  0x00080060: ['CS', 'DX'],
  0x00180015: ['CS', 'CHEST'],
  0x00185101: ['CS', 'PA'],
};

async function wrapped(wrapping: Wrapping): Promise<Buffer> {
  const { syntax, grid, signed, bitsStored, atHighEnd, spareBits, turn, inverted, characterSet, comma, rest } =
    wrapping;
  const { columns, rows, values, tags } = storedPicture(wrapping);
  const picture: Picture = {
    rows,
    columns,
    bitsAllocated: 16,
    bitsStored,
    highBit: atHighEnd ? 15 : bitsStored - 1,
    signed,
    photometric: inverted ? 'MONOCHROME1' : 'MONOCHROME2',
  };
  const [all, middle] = [2 ** bitsStored, 2 ** (bitsStored - 1)];
  const spare = 16 - bitsStored;
  const stored = values.map((value) => {
    const shown = Math.floor(((inverted ? PEAK - value : value) * all) / (PEAK + 1));
    const kept = (shown - (signed ? middle : 0)) & (all - 1);
    const unused = spareBits & (2 ** spare - 1);
    return atHighEnd ? (kept << spare) | unused : kept | (unused << bitsStored);
  });
  const point = comma ? ',' : '.';
  const more: Elements = {
    ...CHEST_FILM,
    ...tags,
    ...(characterSet === '' ? {} : { 0x00080005: ['CS', characterSet] as const }),
    0x00100010: ['PN', Buffer.from('Nguyễn^Văn An')],
    ...(turn === '' ? {} : { 0x00200020: ['CS', turn] as const }),
    0x00281050: ['DS', `${middle}${point}0`],
    0x00281051: ['DS', `${all}${point}0`],
    ...(signed ? { 0x00281052: ['DS', String(middle)] as const, 0x00281053: ['DS', '1'] as const } : {}),
  };
  const end = Buffer.alloc(rest, 0x5a);
  if (syntax === 'explicit' || syntax === 'implicit' || syntax === 'bigEndian' || syntax === 'deflated') {
    const bytes = cells(stored, 16);
    const ordered = syntax === 'bigEndian' ? Buffer.from(bytes).swap16() : bytes;
    const file = nativeFile(picture, ordered, { syntax: SYNTAX[syntax], more });
    return syntax === 'deflated' ? file : Buffer.concat([file, end]);
  }
  if (syntax === 'rle')
    return Buffer.concat([compressedFile(picture, [encodeRle(picture, stored)], { syntax: SYNTAX.rle, more }), end]);
  const uid = {
    'jpeg-lossless': SYNTAX.jpegLossless,
    'jpeg-ls': SYNTAX.jpegLs,
    'jpeg-2000': SYNTAX.jpeg2000,
    htj2k: SYNTAX.htj2k,
  }[syntax];
  const stream =
    syntax === 'jpeg-2000' || syntax === 'htj2k'
      ? await encodeOnGrid(syntax, picture, stored, grid)
      : await encodeFrame(syntax, { ...picture, bitsStored: 16, signed: false }, stored);
  return Buffer.concat([compressedFile(picture, [stream], { syntax: uid, more }), end]);
}

const PLAIN: Wrapping = {
  syntax: 'explicit',
  grid: { left: 0, top: 0, levels: 5, block: 64, progression: 0 },
  signed: false,
  bitsStored: 12,
  atHighEnd: false,
  spareBits: 0,
  frame: 'none',
  widths: [0, 0, 0, 0],
  turn: '',
  inverted: false,
  characterSet: 'ISO_IR 192',
  comma: false,
  rest: 0,
};

/** A run takes tens of milliseconds, most of it in encoders. */
const RUNS = process.env['HAIDANG_FUZZ_RUNS'] === undefined ? 40 : 600;

vi.setConfig({ testTimeout: 600_000 });

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
        const { tags: _tags, turn: _turn, bitsStored: _bits, ...facts } = prepared.facts;
        const { tags: _plainTags, bitsStored: _plainBits, ...plainFacts } = whole.facts;
        expect(facts).toEqual(plainFacts);
        expect(prepared.facts.tags?.patientName).toBe('Nguyễn^Văn An');
      }),
      { numRuns: RUNS },
    );
  });

  test('gives the findings of the plain one', async () => {
    const model = modelNamed(await loadModels('models'), 'cxr-findings');
    const engine = await startEngine({ models: [model], threadsPerProcess: 1 });
    onTestFinished(() => engine[Symbol.asyncDispose]());
    const spec = specFor(model.manifest);
    const probabilities = async (wrapping: Wrapping): Promise<readonly number[]> => {
      const { tensor } = await prepareImage(await wrapped(wrapping), spec);
      const { outputs } = await engine.run(model.manifest.id, tensor, { deadlineMs: 60_000 });
      const logits = outputs[model.manifest.outputs.logits]?.data ?? new Float32Array();
      return judgeHeads(logits, model, 50).results.map(({ probability }) => probability);
    };
    const plain = await probabilities(PLAIN);
    expect(plain.length).toBeGreaterThan(5);
    await fc.assert(
      fc.asyncProperty(wrappings, async (wrapping) => {
        const found = await probabilities(wrapping);
        const apart = found.map((probability, at) => Math.abs(probability - (plain[at] ?? Number.NaN)));
        expect(Math.max(...apart)).toBeLessThan(0.03);
      }),
      { numRuns: Math.ceil(RUNS / 4) },
    );
  });

  test('has the identity of the same film under any other lossless syntax', async () => {
    await fc.assert(
      fc.asyncProperty(wrappings, wrappings, async (wrapping, other) => {
        const { syntax, grid, characterSet, comma, rest, spareBits } = other;
        const again = { ...wrapping, syntax, grid, characterSet, comma, rest, spareBits };
        const first = await pictureIdentity(parseDicom(await wrapped(wrapping)));
        expect(await pictureIdentity(parseDicom(await wrapped(again)))).toEqual(first);
      }),
      { numRuns: Math.ceil(RUNS / 3) },
    );
  });

  test('looks the same in a list, at every small size', async () => {
    const small = async (wrapping: Wrapping, side: number): Promise<Buffer> => {
      const { png } = await renderFilm(await wrapped({ ...wrapping, frame: 'none', turn: '' }), side);
      return sharp(png).greyscale().raw().toBuffer();
    };
    const plain = new Map(
      await Promise.all([24, 48, 90].map(async (side) => [side, await small(PLAIN, side)] as const)),
    );
    await fc.assert(
      fc.asyncProperty(wrappings, fc.constantFrom(24, 48, 90), async (wrapping, side) => {
        const pixels = await small(wrapping, side);
        const expected = plain.get(side) ?? Buffer.alloc(0);
        expect(pixels.length).toBe(expected.length);
        const apart = pixels.reduce((sum, value, at) => sum + Math.abs(value - (expected[at] ?? 0)), 0) / pixels.length;
        expect(apart).toBeLessThan(2);
      }),
      { numRuns: RUNS },
    );
  });
});
