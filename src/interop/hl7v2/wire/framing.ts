// MLLP frames, cut from the stream as the network brings it. The end byte alone ends a message: many senders leave out the return that should
// follow, and waiting for it would leave them without an answer.

const START = 0x0b;
const END = 0x1c;
const RETURN = 0x0d;

export const framed = (message: string): Buffer =>
  Buffer.concat([Buffer.of(START), Buffer.from(message, 'utf8'), Buffer.of(END, RETURN)]);

/** The stream can no longer be cut into messages: the connection is of no more use. */
export type FrameFault = 'garbage' | 'bad-end';

export interface Deframed {
  readonly messages: readonly Buffer[];
  /** Those of `messages` that were larger than allowed: only their beginning is here, enough to answer them. */
  readonly tooLarge: ReadonlySet<Buffer>;
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

/** Behind the end of a message: a line end, or the start of the next message where the return is left out. */
const mayFollow = (byte: number): boolean => byte === START || isBlank(byte);

/** A header is shorter. */
const HEAD_BYTES = 16 * 1024;

/** Holds at most `maxBytes` and one chunk. */
export function createDeframer(maxBytes: number): Deframer {
  let parts: Buffer[] = [];
  let size = 0;
  let isTooLarge = false;
  let state: 'outside' | 'inside' | 'broken' = 'outside';

  function keep(part: Buffer): void {
    size += part.length;
    if (part.length === 0 || isTooLarge) return;
    parts.push(part);
    if (size <= maxBytes) return;
    isTooLarge = true;
    // A copy: a view would keep the whole.
    parts = [Buffer.from(Buffer.concat(parts).subarray(0, HEAD_BYTES))];
  }

  function broken(done: Omit<Deframed, 'fault'>, fault: FrameFault): Deframed {
    state = 'broken';
    parts = [];
    return { ...done, fault };
  }

  return {
    inside: () => state === 'inside',
    push(chunk) {
      const messages: Buffer[] = [];
      const tooLarge = new Set<Buffer>();
      const done = { messages, tooLarge };
      let at = 0;
      while (at < chunk.length && state !== 'broken') {
        if (state === 'outside') {
          const byte = chunk[at] ?? 0;
          at += 1;
          if (byte === START) state = 'inside';
          else if (!isBlank(byte)) return broken(done, 'garbage');
        } else {
          const found = chunk.indexOf(END, at);
          const until = found === -1 ? chunk.length : found;
          // A second start inside a message: its first part was cut off, and its content is unknown.
          if (chunk.subarray(at, until).includes(START)) return broken(done, 'bad-end');
          keep(chunk.subarray(at, until));
          at = until;
          if (found === -1) continue;
          at += 1;
          // An end byte in the middle of a text: where the message ends is unknown. At the end of a chunk the message is whole.
          if (at < chunk.length && !mayFollow(chunk[at] ?? 0)) return broken(done, 'bad-end');
          const message = Buffer.concat(parts);
          messages.push(message);
          if (isTooLarge) tooLarge.add(message);
          isTooLarge = false;
          parts = [];
          size = 0;
          state = 'outside';
        }
      }
      return done;
    },
  };
}
