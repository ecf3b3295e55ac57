// Opens a message: its character set, its header, its segments, and every fault of them by field, so that the sender can be told.
import type { Fault } from './fault.ts';
import { type Charset, type Message, readDelimiters, readSegments, valueOf, type Segment } from './message.ts';
import { isoTime, zoneOf } from './time.ts';

export interface Header {
  readonly sendingApplication: string;
  readonly sendingFacility: string;
  readonly receivingApplication: string;
  readonly receivingFacility: string;
  readonly type: string;
  readonly event: string;
  /** MSH-10; '' where there is none. */
  readonly controlId: string;
  readonly processingId: string;
  readonly version: string;
  /** ISO 8601 where one was sent that is one. */
  readonly time: string | undefined;
  /** MSH-15 and MSH-16; both '' means the original mode. */
  readonly acceptAck: string;
  readonly applicationAck: string;
  /** Whether the sender says that it reads UTF-8. */
  readonly readsUtf8: boolean;
}

export interface Opened {
  /** Absent where not even the header could be read. */
  readonly header?: Header;
  readonly message?: Message;
  readonly faults: readonly Fault[];
}

/** Table 0211, as far as it is read here. Nothing declared: ASCII by the standard, UTF-8 in practice, which holds ASCII. */
const CHARSETS: ReadonlyMap<string, Charset> = new Map([
  ['', 'utf8'],
  ['ASCII', 'utf8'],
  ['8859/1', 'latin1'],
  ['UNICODE UTF-8', 'utf8'],
  ['UTF-8', 'utf8'],
]);

export const VERSIONS: ReadonlySet<string> = new Set(['2.3.1', '2.4', '2.5', '2.5.1', '2.6', '2.7']);

/** Versions sort as their texts do. */
export const isBefore25 = (version: string): boolean => version !== '' && version < '2.5';

const EVENTS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['ADT', new Set(['A01', 'A02', 'A03', 'A04', 'A05', 'A06', 'A07', 'A08', 'A11', 'A13', 'A28', 'A31', 'A40', 'A47'])],
  ['ORM', new Set(['O01'])],
  ['OMI', new Set(['O23'])],
  ['ORU', new Set(['R01'])],
]);

const at = (field: number, component?: number) => ({
  segment: 'MSH',
  sequence: 1,
  field,
  ...(component !== undefined && { component }),
});

const isFault = (value: object): value is Fault => 'place' in value;

function headerOf(message: Message, msh: Segment): Header {
  const value = (field: number, component = 1): string => valueOf(message, msh, field, component);
  return {
    sendingApplication: value(3),
    sendingFacility: value(4),
    receivingApplication: value(5),
    receivingFacility: value(6),
    time: isoTime(value(7)),
    type: value(9),
    event: value(9, 2),
    controlId: value(10),
    processingId: value(11),
    version: value(12),
    acceptAck: value(15),
    applicationAck: value(16),
    readsUtf8: /UTF-?8/i.test(value(18)),
  };
}

function typeFaults({ type, event }: Header, structure: string): Fault[] {
  if (type === '') return [{ name: 'field-missing', place: at(9, 1) }];
  const events = EVENTS.get(type);
  if (events === undefined) return [{ name: 'message-type', place: at(9, 1) }];
  if (event === '') return [{ name: 'field-missing', place: at(9, 2) }];
  if (!events.has(event)) return [{ name: 'event', place: at(9, 2) }];
  return structure === '' || structure.startsWith(`${type}_`) ? [] : [{ name: 'message-type', place: at(9, 3) }];
}

const ACK_CONDITIONS: ReadonlySet<string> = new Set(['', 'AL', 'NE', 'ER', 'SU']);

function headerFaults(header: Header, message: Message, msh: Segment): Fault[] {
  const { controlId, processingId, version } = header;
  const faults: Fault[] = [];
  const say = (name: Fault['name'], field: number): void => void faults.push({ name, place: at(field) });
  const time = valueOf(message, msh, 7);
  if (time === '' && !isBefore25(version)) say('field-missing', 7);
  if (time !== '' && header.time === undefined) say('data-type', 7);
  faults.push(...typeFaults(header, valueOf(message, msh, 9, 3)));
  if (controlId === '') say('field-missing', 10);
  else if (controlId.length > 199) say('data-type', 10);
  if (processingId === '') say('field-missing', 11);
  else if (processingId !== 'P') say('processing-id', 11);
  if (version === '') say('field-missing', 12);
  else if (!VERSIONS.has(version)) say('version', 12);
  if (!ACK_CONDITIONS.has(header.acceptAck)) say('table-value', 15);
  if (!ACK_CONDITIONS.has(header.applicationAck)) say('table-value', 16);
  return faults;
}

/** Tools put a byte order mark or a line end before what they write. */
function withoutPreamble(bytes: Buffer): Buffer {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  let start = marked ? 3 : 0;
  while (bytes[start] === 0x0d || bytes[start] === 0x0a) start += 1;
  return bytes.subarray(start);
}

function decoded(bytes: Buffer, charset: Charset, declared: string): string | undefined {
  if (declared === 'ASCII' && bytes.some((byte) => byte > 0x7f)) return undefined;
  if (charset === 'latin1') return bytes.toString('latin1');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** UTF-16 as Windows tools write it, by its byte order mark or the first letter of `MSH`; undefined for anything else. */
function fromUtf16(bytes: Buffer): Buffer | undefined {
  const [first, second] = bytes;
  const little = (first === 0xff && second === 0xfe) || (first === 0x4d && second === 0);
  const big = (first === 0xfe && second === 0xff) || (first === 0 && second === 0x4d);
  if (!little && !big) return undefined;
  return Buffer.from(new TextDecoder(little ? 'utf-16le' : 'utf-16be').decode(bytes), 'utf8');
}

/** Reads the header byte by byte first: only it says in which character set the rest is written. */
export function openMessage(received: Buffer): Opened {
  const wide = fromUtf16(received);
  const bytes = withoutPreamble(wide ?? received);
  const end = bytes.findIndex((byte) => byte === 0x0d || byte === 0x0a);
  const line = bytes.subarray(0, end === -1 ? bytes.length : end).toString('latin1');
  const delimiters = readDelimiters(line);
  if (isFault(delimiters)) return { faults: [delimiters] };
  const rough = readSegments(line, delimiters);
  if (isFault(rough)) return { faults: [rough] };
  const [roughMsh] = rough;
  if (roughMsh === undefined) return { faults: [{ name: 'segment-order', place: at(1) }] };
  const roughMessage: Message = { delimiters, charset: 'latin1', segments: rough };
  const roughHeader = headerOf(roughMessage, roughMsh);

  const declared = valueOf(roughMessage, roughMsh, 18).toUpperCase();
  const charset = wide === undefined ? CHARSETS.get(declared) : 'utf8';
  if (charset === undefined) return { header: roughHeader, faults: [{ name: 'table-value', place: at(18) }] };
  const text = decoded(bytes, charset, wide === undefined ? declared : '');
  if (text === undefined) return { header: roughHeader, faults: [{ name: 'data-type', place: at(18) }] };

  const segments = readSegments(text, delimiters);
  if (isFault(segments)) return { header: roughHeader, faults: [segments] };
  const bare: Message = { delimiters, charset, segments };
  const [msh] = segments;
  if (msh === undefined) return { faults: [{ name: 'segment-order', place: at(1) }] };
  const header = headerOf(bare, msh);
  const zone = zoneOf(header.time);
  const message = zone === undefined ? bare : { ...bare, zone };
  return { header, message, faults: headerFaults(header, message, msh) };
}
