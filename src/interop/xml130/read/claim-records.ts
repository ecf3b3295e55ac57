// A claim file as a stream of text → its envelope fields and its HOSO records, one at a time, so that memory holds one record.
import { xml130Errors } from '#interop/xml130/errors.ts';
import { openRecordScan } from './record-scan.ts';

/** One record of a long stay is a few MB; what is parsed takes some ten times its text, so this bounds the memory of an import. */
const LARGEST_RECORD_CHARACTERS = 16 * 1024 * 1024;
/** Enough to hold everything before the first record, or the signature after the last one. */
const LARGEST_OUTSIDE_CHARACTERS = 1024 * 1024;

export type Piece =
  | { readonly kind: 'head' | 'tail'; readonly text: string }
  | { readonly kind: 'record'; readonly text: string; readonly complete: boolean; readonly tooLarge: boolean };

/** Text that was looked through and may still be wanted: kept in pieces, because joining them at each chunk would copy all again. */
function openKept() {
  let parts: string[] = [];
  let length = 0;
  let dropped = false;
  return {
    get length() {
      return length;
    },
    get dropped() {
      return dropped;
    },
    add(text: string): void {
      length += text.length;
      if (!dropped) parts.push(text);
    },
    /** Forgets what there is and what comes, until it is taken. */
    drop(): void {
      parts = [];
      dropped = true;
    },
    take(rest: string): string {
      const text = dropped ? '' : [...parts, rest].join('');
      parts = [];
      length = 0;
      dropped = false;
      return text;
    },
  };
}

/**
 * Cuts the text at HOSO elements. Text before the first record is given as head, between and after them as tail. A HOSO that
 * never ends is given with `complete: false`. Throws `xml130.doctype-refused` for one outside of the records; one inside is its
 * record's own fault.
 */
export async function* records(chunks: AsyncIterable<string>): AsyncGenerator<Piece> {
  const kept = openKept();
  const scan = openRecordScan();
  let inRecord = false;
  let seenHead = false;

  const record = (end: number, complete: boolean): Piece => {
    const tooLarge = kept.dropped;
    return { kind: 'record', text: kept.take(scan.cut(end)), complete, tooLarge };
  };
  const outside = (end: number): Piece => {
    const kind = seenHead ? 'tail' : 'head';
    seenHead = true;
    return { kind, text: kept.take(scan.cut(end)) };
  };

  for await (const chunk of chunks) {
    scan.add(chunk);
    for (let mark = scan.next({ inRecord }); mark !== undefined; mark = scan.next({ inRecord })) {
      const { kind, start, end } = mark;
      if (kind === 'doctype' && !inRecord) throw xml130Errors.error('doctype-refused', { field: 'DOCTYPE' });
      if (kind === 'doctype' || (kind === 'close' && !inRecord)) continue;
      if (kind === 'close') {
        yield record(end, true);
        inRecord = false;
        continue;
      }
      yield inRecord ? record(start, false) : outside(start);
      inRecord = kind === 'open';
      if (inRecord) scan.cut(0, end - start);
      else yield { kind: 'record', text: scan.cut(end - start), complete: true, tooLarge: false };
    }
    kept.add(scan.cutScanned());
    const held = kept.length + scan.length;
    if (inRecord && held > LARGEST_RECORD_CHARACTERS) {
      // The record is reported as too large, the next one is read.
      kept.drop();
      scan.forget();
    } else if (!inRecord && held > LARGEST_OUTSIDE_CHARACTERS) {
      if (!seenHead)
        throw xml130Errors.error('not-a-claim-file', { reason: 'no HOSO element in the first million characters' });
      kept.take('');
      scan.forget();
    }
  }
  if (inRecord) yield record(scan.length, false);
  else yield outside(scan.length);
}
