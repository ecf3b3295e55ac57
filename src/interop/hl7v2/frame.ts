// MLLP: bytes come in as the network cuts them, whole messages go out; a message goes in, its frame goes out.

const START = 0x0b;
const END = 0x1c;
const RETURN = 0x0d;

export const framed = (message: string): Buffer =>
  Buffer.concat([Buffer.of(START), Buffer.from(message, 'utf8'), Buffer.of(END, RETURN)]);

/** The stream can no longer be cut into messages: the connection is of no more use. */
export type FrameFault = 'too-large' | 'garbage' | 'bad-end';

export interface Deframed {
  readonly messages: readonly Buffer[];
  readonly fault?: FrameFault;
}

export interface Deframer {
  /** After a fault nothing more is taken. */
  push(chunk: Buffer): Deframed;
  /** True between the start and the end of a message. */
  inside(): boolean;
}

/** Line ends between frames are common; anything else is somebody who does not speak MLLP. */
const isBlank = (byte: number): boolean => byte === 0x0a || byte === RETURN || byte === 0x20;

/** Holds at most `maxBytes` and one chunk. */
export function createDeframer(maxBytes: number): Deframer {
  let parts: Buffer[] = [];
  let size = 0;
  let state: 'outside' | 'inside' | 'ending' | 'broken' = 'outside';

  function keep(part: Buffer): boolean {
    if (part.length === 0) return true;
    parts.push(part);
    size += part.length;
    return size <= maxBytes;
  }

  function broken(messages: readonly Buffer[], fault: FrameFault): Deframed {
    state = 'broken';
    parts = [];
    return { messages, fault };
  }

  return {
    inside: () => state === 'inside' || state === 'ending',
    push(chunk) {
      const messages: Buffer[] = [];
      let at = 0;
      while (at < chunk.length && state !== 'broken') {
        if (state === 'outside') {
          const byte = chunk[at] ?? 0;
          at += 1;
          if (byte === START) state = 'inside';
          else if (!isBlank(byte)) return broken(messages, 'garbage');
        } else if (state === 'inside') {
          const found = chunk.indexOf(END, at);
          const until = found === -1 ? chunk.length : found;
          // A second start inside a message: its first part was cut off, and nobody knows what it would have said.
          if (chunk.subarray(at, until).includes(START)) return broken(messages, 'bad-end');
          if (!keep(chunk.subarray(at, until))) return broken(messages, 'too-large');
          at = until;
          if (found !== -1) {
            state = 'ending';
            at += 1;
          }
        } else {
          const next = chunk[at];
          // Some senders leave the last byte out: then the start of the next message says as surely that this one is whole.
          if (next !== RETURN && next !== START) return broken(messages, 'bad-end');
          at += 1;
          messages.push(Buffer.concat(parts));
          parts = [];
          size = 0;
          state = next === START ? 'inside' : 'outside';
        }
      }
      return { messages };
    },
  };
}
