// Films that were fetched from an archive only to be compared with: bounded by a quota, the longest here go first. Their readings stay as evidence.
import { appendAudit } from '#store/audit/audit.ts';
import type { BlobStore } from '#store/blobs/blobs.ts';
import type { Transaction } from '#store/host/database.ts';
import type { Tenancy } from '#store/host/tenancy.ts';

export interface FetchedFilms {
  /** Removes films until the rest fits, but not the last one that came. Says how many studies it emptied. */
  evict(quotaBytes: number): Promise<number>;
}

interface HeldRow {
  readonly study_uid: string;
  readonly bytes: number;
}

/**
 * The row of the study is held while its bytes go: the same film that arrives meanwhile waits, finds nothing and is stored anew. The bytes are set
 * aside before the commit and only removed after it.
 */
async function empty(tx: Transaction, { facilityId }: Tenancy, studyUid: string): Promise<readonly string[]> {
  const [study] = await tx.query(
    `select 1 from study where facility_id = $1 and study_uid = $2 and fetched_at is not null for update`,
    [facilityId, studyUid],
  );
  if (study === undefined) return [];
  const gone = await tx.query<{ sha256: string }>(
    'delete from instance where facility_id = $1 and study_uid = $2 returning sha256',
    [facilityId, studyUid],
  );
  const left = await tx.query<{ sha256: string }>('select sha256 from instance where sha256 = any($1)', [
    gone.map(({ sha256 }) => sha256),
  ]);
  const shared = new Set(left.map(({ sha256 }) => sha256));
  return gone.map(({ sha256 }) => sha256).filter((sha256) => !shared.has(sha256));
}

export function openFetchedFilms(scope: Tenancy, blobs: Pick<BlobStore, 'remove'>): FetchedFilms {
  const { facilityId, sql } = scope;

  async function evictOne(studyUid: string): Promise<void> {
    const removals: Awaited<ReturnType<BlobStore['remove']>>[] = [];
    try {
      await scope.transaction(async (tx) => {
        for (const sha256 of await empty(tx, scope, studyUid)) removals.push(await blobs.remove(sha256));
        await appendAudit(tx, scope, [
          { actor: 'priors', action: 'prior.removed', subjectType: 'study', subjectId: studyUid },
        ]);
      });
    } catch (thrown) {
      for (const { undo } of removals) await undo();
      throw thrown;
    }
    for (const { done } of removals) await done();
  }

  return {
    async evict(quotaBytes) {
      const held = await sql.query<HeldRow>(
        `select s.study_uid, sum(i.bytes)::float8 as bytes from study s
         join instance i on i.facility_id = s.facility_id and i.study_uid = s.study_uid
         where s.facility_id = $1 and s.fetched_at is not null group by s.study_uid, s.fetched_at
         order by s.fetched_at, s.study_uid`,
        [facilityId],
      );
      let over = held.reduce((sum, { bytes }) => sum + bytes, 0) - quotaBytes;
      let emptied = 0;
      for (const { study_uid: studyUid, bytes } of held.slice(0, -1)) {
        if (over <= 0) break;
        await evictOne(studyUid);
        over -= bytes;
        emptied += 1;
      }
      return emptied;
    },
  };
}
