// A claim file as a stream of text → its envelope fields and its HOSO records, one at a time, so that memory holds one record.
import { xml130Errors } from '#interop/xml130/errors.ts';

/** One record of a long stay is a few MB; what is parsed takes some ten times its text, so this bounds the memory of an import. */
const LARGEST_RECORD_CHARACTERS = 16 * 1024 * 1024;
/** Enough to hold everything before the first record, or the signature after the last one. */
const LARGEST_OUTSIDE_CHARACTERS = 1024 * 1024;

export type Piece =
  | { readonly kind: 'head' | 'tail'; readonly text: string }
  | { readonly kind: 'record'; readonly text: string; readonly complete: boolean; readonly tooLarge: boolean };

const MARK = /<!--|<!\[CDATA\[|<!DOCTYPE|<(\/?)(?:[\w.-]+:)?HOSO(?=[\s/>])[^<>]*>/gi;

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

/** Longer than the longest mark that we look for, so that one cut at the end of a chunk is seen whole with the next. */
const OVERLAP = 256;

/** Searches a text that grows at its end and is cut at its start, and looks at no part of it twice for the same thing. */
function openSearch() {
  /** What is sought → up to where there is none. */
  const absent = new Map<string, number>();
  return {
    indexIn(buffer: string, sought: string, from: number): number {
      const at = buffer.indexOf(sought, Math.max(from, absent.get(sought) ?? 0));
      if (at === -1) absent.set(sought, Math.max(0, buffer.length - sought.length + 1));
      return at;
    },
    cut(length: number): void {
      for (const [sought, until] of absent) absent.set(sought, Math.max(0, until - length));
    },
  };
}

/**
 * Cuts the text at HOSO elements; comments and CDATA are stepped over, so that text inside them cannot open a record.
 * What stands before the first record is given as head, between and after them as tail. A HOSO that never ends is given with
 * `complete: false`. Throws `xml130.doctype-refused` for one outside of the records; one inside is its record's own fault.
 */
export async function* records(chunks: AsyncIterable<string>): AsyncGenerator<Piece> {
  const kept = openKept();
  const search = openSearch();
  let buffer = '';
  let scanned = 0;
  let inRecord = false;
  let seenHead = false;

  const record = (end: number, complete: boolean): Piece => {
    const tooLarge = kept.dropped;
    return { kind: 'record', text: kept.take(buffer.slice(0, end)), complete, tooLarge };
  };
  const outside = (end: number): Piece => {
    const kind = seenHead ? 'tail' : 'head';
    seenHead = true;
    return { kind, text: kept.take(buffer.slice(0, end)) };
  };
  const cutAt = (end: number): void => {
    buffer = buffer.slice(end);
    scanned = 0;
    search.cut(end);
  };
  const forgetAllButOverlap = (): void => cutAt(Math.max(0, buffer.length - OVERLAP));
  /**
   * Where the scan goes on after a comment or CDATA, or undefined where its end is not there yet. One that does not end before
   * the next HOSO tag is broken: that tag comes next, so that a broken record does not take the next ones with it.
   */
  const afterSkipped = (end: string, from: number): number | undefined => {
    const at = search.indexIn(buffer, end, from);
    if (!inRecord) return at === -1 ? undefined : at + end.length;
    const tags = ['<HOSO', '</HOSO'].map((tag) =>
      // Looked for only as far as it matters.
      at === -1 ? search.indexIn(buffer, tag, from) : buffer.slice(from, at).indexOf(tag),
    );
    const found = tags.filter((tag) => tag !== -1).map((tag) => (at === -1 ? tag : from + tag));
    if (found.length > 0) return Math.min(...found);
    return at === -1 ? undefined : at + end.length;
  };

  for await (const chunk of chunks) {
    buffer += chunk;
    for (;;) {
      MARK.lastIndex = scanned;
      const mark = MARK.exec(buffer);
      if (mark === null) {
        scanned = Math.max(scanned, buffer.length - OVERLAP);
        break;
      }
      const [text] = mark;
      const after = mark.index + text.length;
      if (text.toUpperCase() === '<!DOCTYPE') {
        if (!inRecord) throw xml130Errors.error('doctype-refused', { field: 'DOCTYPE' });
        scanned = after;
        continue;
      }
      if (text === '<!--' || text.startsWith('<![')) {
        const next = afterSkipped(text === '<!--' ? '-->' : ']]>', after);
        scanned = next ?? mark.index;
        if (next === undefined) break;
        continue;
      }
      scanned = after;
      if (mark[1] === '/') {
        if (!inRecord) continue;
        yield record(after, true);
        inRecord = false;
        cutAt(after);
        continue;
      }
      yield inRecord ? record(mark.index, false) : outside(mark.index);
      inRecord = !text.endsWith('/>');
      if (!inRecord) yield { kind: 'record', text, complete: true, tooLarge: false };
      cutAt(inRecord ? mark.index : after);
      if (inRecord) scanned = text.length;
    }
    kept.add(buffer.slice(0, scanned));
    cutAt(scanned);
    const held = kept.length + buffer.length;
    if (inRecord && held > LARGEST_RECORD_CHARACTERS) {
      // The record is reported as too large, the next one is read.
      kept.drop();
      forgetAllButOverlap();
    } else if (!inRecord && held > LARGEST_OUTSIDE_CHARACTERS) {
      if (!seenHead)
        throw xml130Errors.error('not-a-claim-file', { reason: 'no HOSO element in the first million characters' });
      kept.take('');
      forgetAllButOverlap();
    }
  }
  if (inRecord) yield record(buffer.length, false);
  else yield outside(buffer.length);
}
