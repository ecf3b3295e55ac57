// A plain MLLP sender for tests: it sends bytes exactly as given and returns whole answers.
import { connect } from 'node:net';
import { createDeframer } from '#interop/hl7v2/wire/framing.ts';

export interface Peer {
  write(bytes: Buffer): void;
  /** The next answer; undefined when the connection ends first. */
  next(): Promise<string | undefined>;
  close(): void;
}

export const frameOf = (message: string): Buffer =>
  Buffer.concat([Buffer.of(0x0b), Buffer.from(message), Buffer.of(0x1c, 0x0d)]);

export const lines = (...segments: readonly string[]): string => segments.map((segment) => `${segment}\r`).join('');

export function openPeer(port: number): Peer {
  const socket = connect({ port, host: '127.0.0.1' });
  const deframer = createDeframer(1_000_000);
  const ready: string[] = [];
  const waiting: ((answer: string | undefined) => void)[] = [];
  let ended = false;
  socket.on('data', (chunk: Buffer) => {
    for (const message of deframer.push(chunk).messages) {
      const text = message.toString('utf8');
      const first = waiting.shift();
      if (first === undefined) ready.push(text);
      else first(text);
    }
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    ended = true;
    for (const first of waiting.splice(0)) first(undefined);
  });
  return {
    write: (bytes) => void socket.write(bytes),
    next: () =>
      new Promise((resolve) => {
        const text = ready.shift();
        if (text !== undefined || ended) resolve(text);
        else waiting.push(resolve);
      }),
    close: () => socket.destroy(),
  };
}

/** `MSA-1`, and per ERR the place and the condition's code. */
export function verdictOf(answer: string | undefined): { code: string; controlId: string; errors: string[] } {
  const segments = (answer ?? '').split('\r').map((line) => line.split('|'));
  const msa = segments.find(([name]) => name === 'MSA') ?? [];
  return {
    code: msa[1] ?? '',
    controlId: msa[2] ?? '',
    errors: segments.filter(([name]) => name === 'ERR').map((err) => `${err[2]} ${err[3]?.split('^')[0]}`),
  };
}
