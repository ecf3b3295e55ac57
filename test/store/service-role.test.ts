// Whoever DATABASE_URL names, the service's own session is bound by row-level security: proven by raw SQL in that session.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '#store/host/database.ts';
import { migrate } from '#store/host/migrate.ts';
import { openPostgresql } from '#store/host/postgresql.ts';
import { openStore, storeOver } from '#store/store.ts';
import { HOSTS, testClock } from './hosts.ts';
import { sampleInstance } from './samples.ts';

const databaseUrl = process.env['HAIDANG_TEST_DATABASE_URL'] ?? '';
const quiet = (): void => undefined;

describe.skipIf(!HOSTS.includes('postgresql'))('the role of the service (HAIDANG_TEST_DATABASE_URL)', () => {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const schemas: string[] = [];
  let admin: pg.Client;
  let dataDir: string;
  const schemaOf = (what: string): string => {
    const schema = `${name}_${what}`;
    schemas.push(schema);
    return schema;
  };
  /** The same database, as another login. */
  const urlOf = (login: string): string => {
    const url = new URL(databaseUrl);
    url.username = login;
    return url.href;
  };

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'haidang-role-'));
    admin = new pg.Client({ connectionString: databaseUrl });
    await admin.connect();
  });
  afterAll(async () => {
    for (const schema of schemas) await admin.query(`drop schema if exists ${schema} cascade`);
    for (const login of ['bypass', 'plain', 'maker']) {
      const { rowCount } = await admin.query('select 1 from pg_roles where rolname = $1', [`${name}_${login}`]);
      if (rowCount === 0) continue;
      await admin.query(`drop owned by ${name}_${login} cascade`);
      await admin.query(`drop role ${name}_${login}`);
    }
    await admin.end();
    await rm(dataDir, { recursive: true, force: true });
  });

  test('a superuser steps down: raw SQL in the service’s session sees one facility, whatever it asks for', async () => {
    const { rows } = await admin.query('select rolsuper from pg_roles where rolname = current_user');
    expect(rows).toEqual([{ rolsuper: true }]);
    const schema = schemaOf('super');
    const database = await openDatabase(await openPostgresql({ url: databaseUrl, schema, log: quiet }));
    const store = await storeOver(database, { dataDir, clock: testClock(), schema });
    const [here, there] = [await store.facility('here'), await store.facility('there')];
    await here.intake.accept(sampleInstance(), { actor: 'upload' });
    await there.intake.accept(sampleInstance(), { actor: 'upload' });
    await store.access.keys.add({
      id: 'abcdefghijkl',
      facilityId: 'there',
      name: 'k',
      roles: [],
      secretHash: 'x',
      endsAt: undefined,
    });

    const [standing] = await database.query<{ role: string; bypasses: boolean }>(
      'select current_user as role, rolsuper or rolbypassrls as bypasses from pg_roles where rolname = current_user',
    );
    expect(standing).toEqual({ role: 'haidang_service', bypasses: false });
    const tables = await database.query<{ name: string }>(
      `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'facility_id' and not a.attisdropped
       where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')`,
    );
    expect(tables.length).toBeGreaterThan(20);
    for (const { name: table } of tables) {
      const asked = `select distinct facility_id as facility from ${table} where facility_id <> 'here'`;
      expect([table, await database.query(asked, [], 'here')]).toEqual([table, []]);
      expect([table, await database.query(`select 1 from ${table} limit 1`, [], 'nowhere')]).toEqual([table, []]);
    }
    // What is there: else the questions above would prove nothing.
    for (const table of ['study', 'instance', 'audit', 'api_key'])
      expect(await database.query(`select 1 from ${table} where facility_id = 'there'`, [], 'there')).not.toEqual([]);
    for (const text of [
      `update study set facility_id = 'here' where facility_id = 'there' returning 1`,
      `delete from job where facility_id = 'there' returning 1`,
    ])
      expect(await database.query(text, [], 'here')).toEqual([]);
    await expect(
      database.query(
        `insert into refusal (facility_id, code, reason, at) values ('there', 'x', 'x', now())`,
        [],
        'here',
      ),
    ).rejects.toThrow('row-level security');
    const turnedOff = database.transaction(
      async (tx) => {
        await tx.query('set local row_security = off');
        return tx.query('select 1 from study');
      },
      { facilityId: 'here' },
    );
    await expect(turnedOff).rejects.toThrow('row-level security');
    await expect(database.query('alter role haidang_service bypassrls')).rejects.toThrow(/permission|superuser/);
    await database.query('reset role');
    expect(await database.query('select current_user as role', [])).toEqual([{ role: 'haidang_service' }]);
    await store.close();
  });

  test('tables that an earlier version left to the superuser are handed over, and work goes on', async () => {
    const schema = schemaOf('handed');
    const folder = join(dataDir, 'handed');
    const first = await openStore({ dataDir: folder, databaseUrl, schema, clock: testClock() });
    const instance = sampleInstance();
    await (await first.facility('local')).intake.accept(instance, { actor: 'upload' });
    await first.close();
    const { rows } = await admin.query<{ table: string }>(
      `select format('%I.%I', schemaname, tablename) as table from pg_tables where schemaname = $1`,
      [schema],
    );
    for (const { table } of rows) await admin.query(`alter table ${table} owner to current_user`);
    await admin.query(`alter schema ${schema} owner to current_user`);
    const again = await openStore({ dataDir: folder, databaseUrl, schema, clock: testClock() });
    const local = await again.facility('local');
    expect(await local.intake.instance(instance.sopInstanceUid)).toBeDefined();
    await local.intake.accept(sampleInstance(), { actor: 'upload' });
    expect(await local.audit.verify()).toMatchObject({ intact: true });
    await again.close();
  });

  test('a login with BYPASSRLS that cannot step down is refused with a sentence that says what to do', async () => {
    await admin.query(`create role ${name}_bypass login bypassrls`);
    const asked = openPostgresql({ url: urlOf(`${name}_bypass`), schema: schemaOf('bypass'), log: quiet });
    await expect(asked).rejects.toMatchObject({
      code: 'store.role-above-policies',
      field: 'DATABASE_URL',
      reason: expect.stringContaining(`${name}_bypass`),
    });
  });

  test('a plain login keeps its own name and is bound as the owner of its tables', async () => {
    await admin.query(`create role ${name}_plain login`);
    await admin.query(
      `do $$ begin execute format('grant create on database %I to ${name}_plain', current_database()); end $$`,
    );
    const schema = schemaOf('plain');
    const database = await openDatabase(await openPostgresql({ url: urlOf(`${name}_plain`), schema, log: quiet }));
    await migrate(database, schema);
    expect(await database.query('select current_user as role')).toEqual([{ role: `${name}_plain` }]);
    await database.query(`insert into facility (id, created_at) values ('a', now()), ('b', now())`);
    await database.query(`insert into refusal (facility_id, code, reason, at) values ('a', 'x', 'x', now())`);
    expect(await database.query('select 1 as n from refusal', [], 'a')).toEqual([{ n: 1 }]);
    expect(await database.query('select 1 as n from refusal', [], 'b')).toEqual([]);
    await database.close();
  });
});
