// A database role that policies do not bind (a superuser, or one with BYPASSRLS) would show every facility's rows to every facility. Such a role
// is only the door: the service steps down to a role of its own, which owns the tables and is bound by their policies.
import pg from 'pg';
import { storeErrors } from '#store/errors.ts';

/** Of the whole server, for all services on it: a role holds no password and cannot log in. */
const SERVICE_ROLE = 'haidang_service';

interface Standing {
  readonly login: string;
  readonly superuser: boolean;
  readonly bypasses: boolean;
}

const STANDING = `select current_user as login, rolsuper as superuser, rolsuper or rolbypassrls as bypasses
  from pg_roles where rolname = current_user`;

/** Any fixed number: services that start at once make the role one after the other. */
const LOCK = 4_846_012;

/** What lies in the schema already belongs to the login; a table's owner may add partitions and indexes, so the role takes all of it. */
const HAND_OVER = `do $$
declare
  thing record;
begin
  for thing in
    select format('alter table %I.%I owner to ${SERVICE_ROLE}', schemaname, tablename) as act from pg_tables
      where schemaname = '@schema@' and tableowner <> '${SERVICE_ROLE}'
    union all
    select format('alter function %s owner to ${SERVICE_ROLE}', p.oid::regprocedure) from pg_proc p
      where p.pronamespace = '@schema@'::regnamespace and p.proowner <> '${SERVICE_ROLE}'::regrole
    union all
    select format('alter view %I.%I owner to ${SERVICE_ROLE}', schemaname, viewname) from pg_views
      where schemaname = '@schema@' and viewowner <> '${SERVICE_ROLE}'
  loop
    execute thing.act;
  end loop;
end $$`;

/** `create schema if not exists` asks for the right even where the schema is there. */
const GRANT_CREATE = `do $$ begin
  execute format('grant create on database %I to ${SERVICE_ROLE}', current_database());
end $$`;

async function prepareRole(
  client: pg.Client,
  { schema, superuser }: { schema: string; superuser: boolean },
): Promise<void> {
  await client.query('begin');
  await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [SERVICE_ROLE]);
  if (rowCount === 0) await client.query(`create role ${SERVICE_ROLE} nologin nosuperuser nobypassrls`);
  if (!superuser) await client.query(`grant ${SERVICE_ROLE} to current_user`);
  await client.query('create extension if not exists vector with schema public');
  await client.query(`create schema if not exists ${schema}`);
  await client.query(GRANT_CREATE);
  await client.query(`alter schema ${schema} owner to ${SERVICE_ROLE}`);
  await client.query(HAND_OVER.replaceAll('@schema@', schema));
  const { rows } = await client.query<{ bypasses: boolean }>(
    'select rolsuper or rolbypassrls as bypasses from pg_roles where rolname = $1',
    [SERVICE_ROLE],
  );
  if (rows[0]?.bypasses !== false) throw new Error(`${SERVICE_ROLE} itself is above the policies`);
  await client.query('commit');
}

/**
 * The role that every connection of the service takes; undefined where the login itself is bound by the policies.
 * `schema` was checked against its pattern: it stands in SQL text. Throws CareError `store.role-above-policies`.
 */
export async function roleToTake(url: string, schema: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const [standing] = (await client.query<Standing>(STANDING)).rows;
    if (standing === undefined || !standing.bypasses) return undefined;
    await prepareRole(client, { schema, superuser: standing.superuser }).catch((cause: unknown) => {
      throw storeErrors.error('role-above-policies', {
        field: 'DATABASE_URL',
        reason: `${standing.login} passes every row-level policy, and cannot step down to ${SERVICE_ROLE}`,
        cause,
      });
    });
    return SERVICE_ROLE;
  } finally {
    await client.end();
  }
}
