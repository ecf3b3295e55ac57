// Puts a backup into an empty database and an empty folder: the structure of its day, its rows and files, then the newer migrations.
import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { BlobStore } from '#store/blobs/blobs.ts';
import { storeErrors } from '#store/errors.ts';
import type { Database } from '#store/host/database.ts';
import { migrate, readMigrations } from '#store/host/migrate.ts';
import { makePartitions } from '#store/vectors/embedding-space.ts';
import { type EntryHead, readBackupFile } from './backup-file.ts';
import { AUDIT_HEADS, isCarried, putCarried } from './carried.ts';

const manifestSchema = z.object({
  format: z.literal(1),
  version: z.string(),
  at: z.string(),
  migrations: z.array(z.object({ name: z.string(), sha256: z.string() })),
  tables: z.array(z.object({ name: z.string().regex(/^[a-z_]+$/), rows: z.number() })),
});
type Manifest = z.infer<typeof manifestSchema>;

export interface RestoreOptions {
  readonly schema: string;
  readonly blobs: Pick<BlobStore, 'put'>;
  readonly dataDir: string;
}

export interface Restored {
  readonly version: string;
  readonly at: string;
  readonly rows: number;
  readonly blobs: number;
}

const MOST_TEXT = 1024 * 1024;
/** Rows of one statement. */
const PAGE = 500;

/** Throws `store.not-empty`. */
export async function requireEmpty(database: Database, schema: string): Promise<void> {
  const [row] = await database.query<{ there: boolean }>(`select to_regclass($1) is not null as there`, [
    `${schema}.facility`,
  ]);
  if (row?.there !== true) return;
  const [first] = await database.query('select 1 from facility limit 1');
  if (first !== undefined) throw storeErrors.error('not-empty', { field: 'DATABASE_URL' });
}

async function manifestOf(content: AsyncIterable<Buffer>): Promise<Manifest> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  const parsed = manifestSchema.safeParse(JSON.parse(Buffer.concat(chunks).toString()));
  if (!parsed.success) throw storeErrors.error('backup-damaged', { field: 'FILE', reason: 'it has no manifest' });
  const files = readMigrations();
  const stranger = parsed.data.migrations.find(
    ({ name, sha256 }, at) => files[at]?.name !== name || files[at].sha256 !== sha256,
  );
  if (stranger !== undefined)
    throw storeErrors.error('backup-newer', { field: 'FILE', reason: `made by version ${parsed.data.version}` });
  return parsed.data;
}

interface Constraint {
  readonly owner: string;
  readonly name: string;
  readonly definition: string;
}

/** Rows come table by table, so what ties tables together is taken off, and put back when all are there: then it is checked. */
async function untie(database: Database, schema: string): Promise<() => Promise<void>> {
  const ties = await database.query<Constraint>(
    `select conrelid::regclass::text as owner, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and conparentid = 0 and connamespace = $1::regnamespace`,
    [schema],
  );
  const triggers = await database.query<{ owner: string }>(
    `select distinct tgrelid::regclass::text as owner from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where not tgisinternal and c.relnamespace = $1::regnamespace and not c.relispartition`,
    [schema],
  );
  for (const { owner, name } of ties) await database.query(`alter table ${owner} drop constraint ${name}`);
  for (const { owner } of triggers) await database.query(`alter table ${owner} disable trigger user`);
  return async () => {
    for (const { owner } of triggers) await database.query(`alter table ${owner} enable trigger user`);
    for (const { owner, name, definition } of ties)
      await database.query(`alter table ${owner} add constraint ${name} ${definition}`);
  };
}

async function columnsOf(database: Database, schema: string, table: string): Promise<string> {
  const rows = await database.query<{ name: string }>(
    `select quote_ident(column_name) as name from information_schema.columns
     where table_schema = $1 and table_name = $2 and is_generated = 'NEVER' order by ordinal_position`,
    [schema, table],
  );
  return rows.map(({ name }) => name).join(', ');
}

async function* linesOf(content: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of content) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      yield rest.subarray(0, end).toString();
      rest = rest.subarray(end + 1);
    }
  }
}

interface Filling {
  readonly database: Database;
  readonly schema: string;
}

async function fillTable(
  { database, schema }: Filling,
  table: string,
  content: AsyncIterable<Buffer>,
): Promise<number> {
  const columns = await columnsOf(database, schema, table);
  if (table === 'embedding') await makePartitions(database);
  let rows = 0;
  const page: string[] = [];
  let length = 0;
  const flush = async (): Promise<void> => {
    if (page.length === 0) return;
    await database.query(
      `insert into ${table} (${columns}) overriding system value
       select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
      [`[${page.join(',')}]`],
    );
    page.length = 0;
    length = 0;
  };
  for await (const line of linesOf(content)) {
    rows += 1;
    page.push(line);
    length += line.length;
    if (page.length === PAGE || length > MOST_TEXT) await flush();
  }
  await flush();
  return rows;
}

/** Numbers that the database gives itself go on after the highest. */
async function renumber(database: Database, schema: string): Promise<void> {
  const columns = await database.query<{ owner: string; name: string }>(
    `select table_name as owner, column_name as name from information_schema.columns
     where table_schema = $1 and is_identity = 'YES'`,
    [schema],
  );
  for (const { owner, name } of columns)
    await database.query(
      `select setval(pg_get_serial_sequence($1, $2), coalesce((select max(${name}) from ${owner}), 0) + 1, false)`,
      [`${schema}.${owner}`, name],
    );
}

const nameIn = ({ name }: EntryHead, folder: string): string | undefined =>
  name.startsWith(`${folder}/`) ? name.slice(folder.length + 1) : undefined;

/** Throws CareError `store.not-empty`, `store.backup-damaged`, `store.backup-newer`; then what is there is of no use and must be removed. */
export async function restoreBackup(database: Database, file: Readable, options: RestoreOptions): Promise<Restored> {
  const { schema, blobs } = options;
  await requireEmpty(database, schema);
  let manifest: Manifest | undefined;
  let retie = async (): Promise<void> => undefined;
  const done = { rows: 0, blobs: 0 };
  await readBackupFile(file, async (head, content) => {
    if (head.name === 'manifest') {
      manifest = await manifestOf(content);
      await migrate(database, schema, manifest.migrations.length);
      retie = await untie(database, schema);
      // Made by the migrations or the start; the backup has its own.
      await database.query('truncate installation').catch(() => undefined);
      return;
    }
    const table = nameIn(head, 'tables');
    const expected = manifest?.tables.find(({ name }) => name === table);
    if (table !== undefined && expected !== undefined) {
      const rows = await fillTable({ database, schema }, table, content);
      if (rows !== expected.rows)
        throw storeErrors.error('backup-damaged', { field: 'FILE', reason: `${table} lacks rows` });
      done.rows += rows;
      return;
    }
    const carried = nameIn(head, AUDIT_HEADS);
    if (carried !== undefined && isCarried(carried)) return putCarried(options.dataDir, carried, content);
    const sha256 = nameIn(head, 'blobs');
    if (sha256 === undefined) throw storeErrors.error('backup-damaged', { field: 'FILE', reason: 'an unknown entry' });
    await blobs.put(content);
    done.blobs += 1;
  });
  if (manifest === undefined)
    throw storeErrors.error('backup-damaged', { field: 'FILE', reason: 'it has no manifest' });
  await retie();
  await renumber(database, schema);
  await migrate(database, schema);
  return { version: manifest.version, at: manifest.at, ...done };
}
