// Patient numbers that were given up in a merge: data that still arrives or is asked for under one belongs to the surviving number.
import { canonicalJson, storableText } from '#store/host/canonical.ts';
import type { Sql, Transaction } from '#store/host/database.ts';
import type { Tenancy } from '#store/host/tenancy.ts';

export const ALIAS_ROOM = 'person-alias';

export interface Persons {
  /** The number that holds for this one, where it was given up in a merge. */
  survivor(patientCode: string): Promise<string>;
}

export const openPersons = (scope: Tenancy): Persons => ({
  survivor: async (code) => (await survivorsOf(scope.sql, scope, [code]))(code),
});

/** SQL for the number that holds now; `place` is a parameter of type text, $1 the facility. */
export const survivorOf = (place: string): string =>
  `coalesce((select value->>'to' from record where facility_id = $1 and room = '${ALIAS_ROOM}' and key = ${place}), ${place})`;

/** In the transaction of the merge. A number that is given up to its own alias holds again. */
export async function keepAlias(
  tx: Transaction,
  { facilityId, clock }: Tenancy,
  prior: string,
  id: string,
): Promise<void> {
  const [from, to] = [storableText(prior), storableText(id)];
  await tx.query(`delete from record where facility_id = $1 and room = '${ALIAS_ROOM}' and key = $2`, [facilityId, to]);
  await tx.query(
    `insert into record (facility_id, room, key, value, updated_at)
     select $1, '${ALIAS_ROOM}', key, $4::jsonb, $5 from (
       select $2::text as key
       union select key from record where facility_id = $1 and room = '${ALIAS_ROOM}' and value->>'to' = $2 and key <> $3) given_up
     on conflict (facility_id, room, key) do update set value = excluded.value, updated_at = excluded.updated_at`,
    [facilityId, from, to, canonicalJson({ to }), clock.now()],
  );
}

/** The number that holds for each of these; most are their own. */
export async function survivorsOf(
  sql: Pick<Sql, 'query'>,
  { facilityId }: Pick<Tenancy, 'facilityId'>,
  codes: readonly string[],
): Promise<(code: string) => string> {
  const rows =
    codes.length === 0
      ? []
      : await sql.query<{ key: string; to: string }>(
          {
            name: 'person-survivors',
            text: `select key, value->>'to' as to from record
              where facility_id = $1 and room = '${ALIAS_ROOM}' and key = any($2::text[])`,
          },
          [facilityId, [...new Set(codes.map(storableText))]],
        );
  const survivors = new Map(rows.map(({ key, to }) => [key, to]));
  return (code) => survivors.get(storableText(code)) ?? code;
}
