// A claim file as a stream of text → its envelope fields and its HOSO records, one at a time, so that memory holds one record.
import { xml130Errors } from './errors.ts';

/** The portal takes files up to about 100 MB; one record of a long stay is a few MB. */
const LARGEST_RECORD_CHARACTERS = 64 * 1024 * 1024;
/** Enough to hold everything before the first record, or the signature after the last one. */
const LARGEST_OUTSIDE_CHARACTERS = 1024 * 1024;

export type Piece =
  | { readonly kind: 'head' | 'tail'; readonly text: string }
  | { readonly kind: 'record'; readonly text: string; readonly complete: boolean; readonly tooLarge: boolean };

const MARK = /<!--|<!\[CDATA\[|<!DOCTYPE|<(\/?)(?:[\w.-]+:)?HOSO(?=[\s/>])[^>]*>/gi;

/**
 * Cuts the text at HOSO elements; comments and CDATA are stepped over, so that text inside them cannot open a record.
 * What stands before the first and after the last record is given as head and tail. A HOSO that never ends is given with `complete: false`. Throws `xml130.doctype-refused`.
 */
export async function* records(chunks: AsyncIterable<string>): AsyncGenerator<Piece> {
  let buffer = '';
  let scanned = 0;
  let start = -1;
  let seenHead = false;
  let dropped = false;

  for await (const chunk of chunks) {
    buffer += chunk;
    for (;;) {
      MARK.lastIndex = scanned;
      const mark = MARK.exec(buffer);
      if (mark === null) {
        // A mark may be cut at the end of the chunk; the longest opening that we look for is far below 256 characters.
        scanned = Math.max(scanned, buffer.length - 256);
        break;
      }
      const text = mark[0];
      if (text.toUpperCase() === '<!DOCTYPE') throw xml130Errors.error('doctype-refused', { field: 'DOCTYPE' });
      if (text === '<!--' || text.startsWith('<![')) {
        const end = buffer.indexOf(text === '<!--' ? '-->' : ']]>', mark.index + text.length);
        if (end === -1) {
          scanned = mark.index;
          break;
        }
        scanned = end + 3;
        continue;
      }
      scanned = mark.index + text.length;
      if (mark[1] === '/') {
        if (start === -1) continue;
        yield { kind: 'record', text: dropped ? '' : buffer.slice(start, scanned), complete: true, tooLarge: dropped };
        dropped = false;
        buffer = buffer.slice(scanned);
        scanned = 0;
        start = -1;
        continue;
      } else if (start === -1) yield { kind: 'tail', text: buffer };
      if (start !== -1)
        yield {
          kind: 'record',
          text: dropped ? '' : buffer.slice(start, mark.index),
          complete: false,
          tooLarge: dropped,
        };
      else if (!seenHead) yield { kind: 'head', text: buffer.slice(0, mark.index) };
      seenHead = true;
      dropped = false;
      if (text.endsWith('/>')) {
        yield { kind: 'record', text, complete: true, tooLarge: false };
        buffer = buffer.slice(scanned);
        scanned = 0;
        start = -1;
        continue;
      }
      buffer = buffer.slice(mark.index);
      scanned = text.length;
      start = 0;
    }
    if (start !== -1 && buffer.length > LARGEST_RECORD_CHARACTERS) {
      // Keep only what a later closing tag needs: the record is reported as too large, the next one is read.
      dropped = true;
      buffer = buffer.slice(-256);
      scanned = 0;
      start = 0;
    } else if (start === -1 && seenHead && buffer.length > LARGEST_OUTSIDE_CHARACTERS) {
      buffer = buffer.slice(Math.min(scanned, buffer.length));
      scanned = 0;
    } else if (start === -1 && !seenHead && buffer.length > LARGEST_OUTSIDE_CHARACTERS) {
      throw xml130Errors.error('not-a-claim-file', { reason: 'no HOSO element in the first million characters' });
    }
  }
  if (!seenHead) yield { kind: 'head', text: buffer };
  else if (start === -1) yield { kind: 'tail', text: buffer };
  if (start !== -1)
    yield { kind: 'record', text: dropped ? '' : buffer.slice(start), complete: false, tooLarge: dropped };
}
