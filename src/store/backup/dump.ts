// Writes a backup of the whole store: every table as of one moment, then the files. Files never change, so they need no moment.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import type { BlobStore } from '#store/blobs/blobs.ts';
import type { Database, Transaction } from '#store/host/database.ts';
import { type BackupWriter, type EntryHead, writeBackupFile } from './backup-file.ts';
import { AUDIT_HEADS, type CarriedFile, carriedFiles } from './carried.ts';

export interface Manifest {
  readonly format: 1;
  readonly version: string;
  readonly at: string;
  readonly migrations: readonly { readonly name: string; readonly sha256: string }[];
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
}

export interface DumpOptions {
  readonly schema: string;
  readonly blobs: Pick<BlobStore, 'all' | 'get'>;
  /** Of this service’s own user: tables lie there on their way, and the files that are carried are taken from it. */
  readonly dataDir: string;
  readonly version: string;
  readonly at: string;
}

export interface Dumped {
  readonly tables: number;
  readonly rows: number;
  readonly blobs: number;
}

/** Rows that are held at once. */
const PAGE = 500;
/** Made by the migrations themselves. */
const NOT_COPIED: readonly string[] = ['migration'];
/** Private keys stay behind: a restored place makes its own. */
const LEFT_OUT: Readonly<Record<string, string>> = { record: "where room <> 'keys'" };

/** Partitions are copied through their parent; vectors come last, because their partitions follow from the table of spaces. */
const TABLES = `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition
  order by c.relname = 'embedding', c.relname`;

interface Spooled {
  readonly name: string;
  readonly rows: number;
  readonly head: EntryHead;
  readonly path: string;
}

async function spool(tx: Transaction, table: string, path: string): Promise<Spooled> {
  const handle = await open(path, 'wx', 0o600);
  const hash = createHash('sha256');
  let rows = 0;
  try {
    await tx.query(
      `declare page no scroll cursor for select to_jsonb(t)::text as row from ${table} t ${LEFT_OUT[table] ?? ''}`,
    );
    for (;;) {
      const page = await tx.query<{ row: string }>(`fetch ${PAGE} from page`);
      if (page.length === 0) break;
      const text = Buffer.from(page.map(({ row }) => `${row}\n`).join(''));
      hash.update(text);
      await handle.write(text);
      rows += page.length;
    }
    await tx.query('close page');
  } finally {
    await handle.close();
  }
  const head = { name: `tables/${table}`, bytes: (await stat(path)).size, sha256: hash.digest('hex') };
  return { name: table, rows, head, path };
}

/** One moment for all tables; on the embedded host other writes wait for it. */
async function spoolTables(database: Database, schema: string, folder: string) {
  return database.transaction(async (tx) => {
    if (database.host === 'postgresql') await tx.query('set transaction isolation level repeatable read, read only');
    const migrations = await tx.query<Manifest['migrations'][number]>(
      'select name, sha256 from migration order by name',
    );
    const tables = await tx.query<{ name: string }>(TABLES, [schema]);
    const spooled: Spooled[] = [];
    for (const { name } of tables)
      if (!NOT_COPIED.includes(name)) spooled.push(await spool(tx, name, join(folder, name)));
    return { migrations, spooled };
  });
}

const headOf = (name: string, content: Buffer): EntryHead => ({
  name,
  bytes: content.length,
  sha256: createHash('sha256').update(content).digest('hex'),
});

async function addBlobs(backup: BackupWriter, blobs: DumpOptions['blobs']): Promise<number> {
  let count = 0;
  for await (const sha256 of blobs.all()) {
    // Checked on read: a backup must not carry damage on as if it were whole.
    const bytes = await blobs.get(sha256);
    await backup.add({ name: `blobs/${sha256}`, bytes: bytes.length, sha256 }, Readable.from([bytes]));
    count += 1;
  }
  return count;
}

/** Throws CareError `store.*`; then what was written so far is of no use. */
export async function writeBackup(database: Database, out: Writable, options: DumpOptions): Promise<Dumped> {
  const folder = await mkdtemp(join(options.dataDir, 'backup-'));
  try {
    // Before the tables: a head that is signed later would speak of entries that the tables here do not hold yet.
    const carried: CarriedFile[] = [];
    for await (const each of carriedFiles(options.dataDir)) carried.push(each);
    const { migrations, spooled } = await spoolTables(database, options.schema, folder);
    const manifest: Manifest = {
      format: 1,
      version: options.version,
      at: options.at,
      migrations,
      tables: spooled.map(({ name, rows }) => ({ name, rows })),
    };
    const backup = await writeBackupFile(out);
    const text = Buffer.from(JSON.stringify(manifest));
    await backup.add(headOf('manifest', text), Readable.from([text]));
    for (const { name, content } of carried)
      await backup.add(headOf(`${AUDIT_HEADS}/${name}`, content), Readable.from([content]));
    for (const { head, path } of spooled) await backup.add(head, createReadStream(path));
    const blobs = await addBlobs(backup, options.blobs);
    await backup.end();
    return { tables: spooled.length, rows: spooled.reduce((sum, { rows }) => sum + rows, 0), blobs };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
