// Finds the tags of HOSO elements in a text that comes in chunks, and looks at no part of it twice for the same thing.

const MARK = /<!--|<!\[CDATA\[|<!DOCTYPE|<(\/?)(?:[\w.-]+:)?HOSO(?=[\s/>])[^<>]*>/gi;

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

/** `open` and `close` are tags of a HOSO, `empty` is one without content. */
export interface RecordMark {
  readonly kind: 'doctype' | 'open' | 'close' | 'empty';
  readonly start: number;
  readonly end: number;
}

export interface RecordScan {
  add(chunk: string): void;
  /**
   * The next mark, or undefined where the rest of it is not there yet. Comments and CDATA are stepped over, so that text inside
   * them cannot open a record. In a record, one that does not end before the next HOSO tag is broken: that tag comes next, so that
   * a broken record does not take the next ones with it.
   */
  next(options: { readonly inRecord: boolean }): RecordMark | undefined;
  /** Takes the text before `end` away. The scan goes on `past` characters behind it. */
  cut(end: number, past?: number): string;
  /** Takes away what was looked through. */
  cutScanned(): string;
  /** Takes away all but what may be the beginning of a mark. */
  forget(): void;
  readonly length: number;
}

function kindOf([text, slash]: RegExpExecArray): RecordMark['kind'] | 'comment' | 'cdata' {
  if (text === '<!--') return 'comment';
  if (text.startsWith('<![')) return 'cdata';
  if (text.startsWith('<!')) return 'doctype';
  if (slash === '/') return 'close';
  return text.endsWith('/>') ? 'empty' : 'open';
}

export function openRecordScan(): RecordScan {
  const search = openSearch();
  let buffer = '';
  let scanned = 0;

  /** Where the scan goes on after a comment or CDATA, or undefined where its end is not there yet. */
  function afterSkipped(end: string, from: number, inRecord: boolean): number | undefined {
    const at = search.indexIn(buffer, end, from);
    if (!inRecord) return at === -1 ? undefined : at + end.length;
    const tags = ['<HOSO', '</HOSO'].map((tag) =>
      // Looked for only as far as it matters.
      at === -1 ? search.indexIn(buffer, tag, from) : buffer.slice(from, at).indexOf(tag),
    );
    const found = tags.filter((tag) => tag !== -1).map((tag) => (at === -1 ? tag : from + tag));
    if (found.length > 0) return Math.min(...found);
    return at === -1 ? undefined : at + end.length;
  }

  function cut(end: number, past = 0): string {
    const text = buffer.slice(0, end);
    buffer = buffer.slice(end);
    scanned = past;
    search.cut(end);
    return text;
  }

  return {
    add: (chunk) => void (buffer += chunk),
    next({ inRecord }) {
      for (;;) {
        MARK.lastIndex = scanned;
        const match = MARK.exec(buffer);
        if (match === null) {
          scanned = Math.max(scanned, buffer.length - OVERLAP);
          return undefined;
        }
        const kind = kindOf(match);
        const [start, end] = [match.index, match.index + match[0].length];
        if (kind !== 'comment' && kind !== 'cdata') {
          scanned = end;
          return { kind, start, end };
        }
        const after = afterSkipped(kind === 'comment' ? '-->' : ']]>', end, inRecord);
        scanned = after ?? start;
        if (after === undefined) return undefined;
      }
    },
    cut,
    cutScanned: () => cut(scanned),
    forget: () => void cut(Math.max(0, buffer.length - OVERLAP)),
    get length() {
      return buffer.length;
    },
  };
}
