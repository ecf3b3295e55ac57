// A child process that reads a claim file of many megabytes, made as it is read, and tells what came of it and how far its memory grew.
// `node huge.ts KIND MEGABYTES`; started with a heap that could not hold the file.
import { importClaims } from '#interop/xml130/import.ts';

const [kind = 'records', megabytes = '10'] = process.argv.slice(2);
const MIB = 1024 * 1024;
const LEAST = Number(megabytes) * MIB;

const base64 = (xml: string): string => Buffer.from(xml).toString('base64');
const table = (type: string, xml: string): string =>
  `<FILEHOSO><LOAIHOSO>${type}</LOAIHOSO><NOIDUNGFILE>${base64(xml)}</NOIDUNGFILE></FILEHOSO>`;

const ROWS = 100;
const row = (code: string, at: number): string =>
  `<CHI_TIET_CLS><MA_LK>${code}</MA_LK><STT>${at}</STT><MA_DICH_VU>D${at}</MA_DICH_VU><MA_CHI_SO>GLU</MA_CHI_SO><TEN_CHI_SO>Đường huyết</TEN_CHI_SO><GIA_TRI>${at}</GIA_TRI><DON_VI_DO>mmol/L</DON_VI_DO><NGAY_KQ>202603010800</NGAY_KQ></CHI_TIET_CLS>`;

function hoso(number: number): string {
  const code = `LK${String(number).padStart(8, '0')}`;
  const rows = Array.from({ length: ROWS }, (_, at) => row(code, at + 1)).join('');
  return `<HOSO>${table('XML1', `<TONG_HOP><MA_LK>${code}</MA_LK><MA_BN>BN${number}</MA_BN></TONG_HOP>`)}${table(
    'XML4',
    `<CHITIEU_CHITIET_DICHVUCANLAMSANG><DSACH_CHI_TIET_CLS>${rows}</DSACH_CHI_TIET_CLS></CHITIEU_CHITIET_DICHVUCANLAMSANG>`,
  )}</HOSO>`;
}

const HEAD = '<?xml version="1.0"?><GIAMDINHHS><THONGTINHOSO><DANHSACHHOSO>';
const TAIL = '</DANHSACHHOSO></THONGTINHOSO></GIAMDINHHS>';

/** Ten entities, each ten of the one before: a kilobyte that means gigabytes. */
const BOMB = `<!DOCTYPE a [<!ENTITY e0 "lol">${Array.from(
  { length: 10 },
  (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`,
).join('')}]>`;

async function* inChunks(text: string): AsyncGenerator<string> {
  const step = 64 * 1024;
  for (let at = 0; at < text.length; at += step) yield text.slice(at, at + step);
}

async function* made(): AsyncGenerator<string> {
  switch (kind) {
    /** Many records, as a hospital's month. */
    case 'records': {
      yield HEAD;
      let length = 0;
      for (let number = 1; length < LEAST; number += 1) {
        const text = hoso(number);
        length += text.length;
        yield* inChunks(text);
      }
      yield TAIL;
      return;
    }
    /** One record that never seems to end, between two good ones. */
    case 'one-record': {
      yield `${HEAD}${hoso(1)}<HOSO><FILEHOSO><LOAIHOSO>XML4</LOAIHOSO><NOIDUNGFILE>`;
      const block = base64('<CHI_TIET_CLS/>'.repeat(4096));
      for (let length = 0; length < LEAST; length += block.length) yield block;
      yield `</NOIDUNGFILE></FILEHOSO></HOSO>${hoso(2)}${TAIL}`;
      return;
    }
    /** No record, only text. */
    case 'no-record': {
      yield '<GIAMDINHHS>';
      for (let length = 0; length < LEAST; length += 65_536) yield 'x'.repeat(65_536);
      return;
    }
    /** Elements in elements, as no hospital writes them. */
    case 'deep': {
      const depth = Math.floor(LEAST / 8);
      const deep = `${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}`;
      yield `${HEAD}<HOSO>${table('XML1', '<TONG_HOP><MA_LK>LK1</MA_LK><MA_BN>BN1</MA_BN></TONG_HOP>')}${table(
        'XML4',
        `<DSACH_CHI_TIET_CLS>${deep}</DSACH_CHI_TIET_CLS>`,
      )}</HOSO>${hoso(2)}`;
      yield `<HOSO>${deep}</HOSO>${TAIL}`;
      return;
    }
    case 'bomb':
      yield `${BOMB}<GIAMDINHHS><DANHSACHHOSO><HOSO>&e10;</HOSO></DANHSACHHOSO></GIAMDINHHS>`;
      return;
    /** Inside a table, where base64 hides it from whoever looks at the envelope only. */
    case 'hidden-bomb':
      yield `${HEAD}<HOSO>${table('XML1', '<TONG_HOP><MA_LK>LK1</MA_LK><MA_BN>BN1</MA_BN></TONG_HOP>')}${table(
        'XML4',
        `${BOMB}<CHITIEU_CHITIET_DICHVUCANLAMSANG>&e10;</CHITIEU_CHITIET_DICHVUCANLAMSANG>`,
      )}</HOSO>${hoso(2)}${TAIL}`;
      return;
    default:
      throw new Error(`no kind ${kind}`);
  }
}

const before = process.memoryUsage.rss();
const counts: Record<string, number> = {};
const codes = new Set<string>();
let last: unknown;
for await (const thing of importClaims(made(), { file: 'huge', indicators: new Map() })) {
  counts[thing.kind] = (counts[thing.kind] ?? 0) + 1;
  if (thing.kind === 'rejected') codes.add(thing.code);
  if (thing.kind === 'file') last = thing;
}
// The highest that it ever was, as the system counted it (KiB).
const peak = process.resourceUsage().maxRSS * 1024;
process.stdout.write(
  `${JSON.stringify({ counts, codes: [...codes], last, grewMiB: Math.ceil((peak - before) / MIB) })}\n`,
);
