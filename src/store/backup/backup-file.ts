// The form of a backup: a line that says what follows (name, bytes, hash), then those bytes, again and again, compressed as a whole. Each entry
// proves itself as it is read, and the last line says how many there were, so a file that was cut off is known as such.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';
import { storeErrors } from '#store/errors.ts';

/** Rises with every new kind of entry, so that an older program knows what it cannot read. 2: signed heads of the audit (carried.ts). */
const FORM = 2;
const MAGIC = /^HAIDANG-BACKUP ([1-9][0-9]{0,8})$/;
/** Films that are compressed already gain nothing from more effort. */
const LEVEL = 1;
const LONGEST_LINE = 64 * 1024;

const headSchema = z.union([
  z.strictObject({ name: z.string(), bytes: z.number().int().nonnegative(), sha256: z.string() }),
  z.strictObject({ end: z.literal(true), entries: z.number().int() }),
]);
export interface EntryHead {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface BackupWriter {
  add(head: EntryHead, content: AsyncIterable<Uint8Array>): Promise<void>;
  end(): Promise<void>;
}

const damaged = (reason: string) => storeErrors.error('backup-damaged', { field: 'FILE', reason });

export async function writeBackupFile(out: Writable): Promise<BackupWriter> {
  const gzip = createGzip({ level: LEVEL });
  gzip.pipe(out);
  let entries = 0;
  const write = async (chunk: string | Uint8Array): Promise<void> => {
    if (out.destroyed) throw damaged('the receiver went away');
    if (!gzip.write(chunk)) await once(gzip, 'drain');
  };
  await write(`HAIDANG-BACKUP ${FORM}\n`);
  return {
    async add(head, content) {
      await write(`${JSON.stringify(head)}\n`);
      let bytes = 0;
      for await (const chunk of content) {
        bytes += chunk.length;
        await write(chunk);
      }
      if (bytes !== head.bytes) throw damaged(`${head.name} changed while it was read`);
      entries += 1;
    },
    async end() {
      await write(`${JSON.stringify({ end: true, entries })}\n`);
      const finished = once(out, 'finish');
      gzip.end();
      await finished;
    },
  };
}

/** Reads lines and counted bytes from one stream. */
function openReader(source: AsyncIterable<Uint8Array>) {
  const chunks = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  async function more(): Promise<void> {
    const next = await chunks.next().catch(() => {
      throw damaged('the compressed data are broken or cut off');
    });
    if (next.done === true) throw damaged('the file ends too early');
    held = held.length === 0 ? Buffer.from(next.value) : Buffer.concat([held, next.value]);
  }
  return {
    async line(): Promise<string> {
      for (let end = held.indexOf(10); ; end = held.indexOf(10)) {
        if (end !== -1) {
          const text = held.subarray(0, end).toString();
          held = held.subarray(end + 1);
          return text;
        }
        if (held.length > LONGEST_LINE) throw damaged('a line has no end');
        await more();
      }
    },
    async *bytes(count: number): AsyncGenerator<Buffer> {
      for (let left = count; left > 0;) {
        if (held.length === 0) await more();
        const piece = held.subarray(0, left);
        held = held.subarray(piece.length);
        left -= piece.length;
        yield piece;
      }
    },
  };
}

/** Passes the content on, and throws at its end where its hash is another. */
async function* proven(content: AsyncIterable<Buffer>, { name, sha256 }: EntryHead): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  for await (const piece of content) {
    hash.update(piece);
    yield piece;
  }
  if (hash.digest('hex') !== sha256) throw damaged(`${name} does not have the hash that it should`);
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function judgeForm(line: string): void {
  const [, form] = MAGIC.exec(line) ?? [];
  if (form === undefined) throw damaged('this is no backup of Haidang');
  if (Number(form) > FORM)
    throw storeErrors.error('backup-newer', {
      field: 'FILE',
      reason: `form ${form}; this program reads up to ${FORM}`,
    });
}

/** In the order of the file; `take` must read each content to its end. Throws CareError `store.backup-damaged`, `store.backup-newer`. */
export async function readBackupFile(
  file: Readable,
  take: (head: EntryHead, content: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  const reader = openReader(file.pipe(createGunzip()));
  judgeForm(await reader.line());
  for (let count = 0; ; count += 1) {
    const parsed = headSchema.safeParse(jsonOf(await reader.line()));
    if (!parsed.success) throw damaged('an entry has no head');
    const head = parsed.data;
    if ('end' in head) {
      if (head.entries !== count) throw damaged('entries are missing');
      return;
    }
    await take(head, proven(reader.bytes(head.bytes), head));
  }
}
