// Readings: committed once with everything that follows from them, superseded by newer ones, never changed.
import type { StoredReading } from '#kernel/stored-reading.ts';
import type { Uuid } from '#kernel/ids.ts';
import { commitReading, type Committed, type Decide } from './commit-reading.ts';
import type { ReadingCommit } from '#kernel/reading-commit.ts';
import type { Reading } from '#kernel/finding.ts';
import { ALERT_DECISION } from '#store/alert/reader-load.ts';
import { ensureSpace, type Space } from '#store/vectors/embedding-space.ts';
import type { Transaction } from '#store/host/database.ts';
import { asUuid } from '#store/host/identifiers.ts';
import type { MapPicture } from '#kernel/reading-commit.ts';
import { keepMaps } from './keep-maps.ts';
import type { MapCheck } from '#kernel/reading-commit.ts';
import { READING_COLUMNS, type ReadingRow, toReading } from './reading-row.ts';
import { startNow, wantMaps } from '#store/queue/job-writes.ts';
import type { TellChange } from '#store/study/study-change.ts';
import type { Tenancy } from '#store/host/tenancy.ts';

export interface Readings {
  /**
   * One transaction. Throws CareError `store.lease-lost` when the job was taken away meanwhile, `store.not-found` for an unknown
   * study, `store.alert-changed` (decide again): then nothing is written. With `decide` the alert is decided within it.
   */
  commit(commit: ReadingCommit, decide?: Decide): Promise<Committed>;
  get(id: Uuid): Promise<StoredReading | undefined>;
  /** Newest first, the superseded too. */
  ofStudy(studyUid: string): Promise<readonly StoredReading[]>;
  /** The one that counts now: not superseded, newest. */
  currentOfStudy(studyUid: string): Promise<StoredReading | undefined>;
  /**
   * What was found of a reading's maps, and the end of their job, in one transaction; known ones stay. Throws CareError
   * `store.lease-lost`.
   */
  keepMaps(checked: MapCheck): Promise<void>;
  /** Somebody looks at the study: its maps, where they still wait, are checked before routine films. */
  wantMaps(studyUid: string): Promise<void>;
  /** The study waits for no more images. */
  startNow(studyUid: string): Promise<void>;
  heatmap(readingId: Uuid, findingCode: string): Promise<MapPicture | undefined>;
}

interface HeatmapTableRow {
  readonly finding_code: string;
  readonly sop_instance_uid: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly columns: number;
  readonly rows: number;
}

/** `tell`: messages about alerts that end because the reading that bore them no longer stands. */
export function openReadings(scope: Tenancy, tell: TellChange): Readings {
  const { facilityId, sql } = scope;
  const spaces = new Map<string, Promise<Space>>();

  /** A space is never removed: asked for once. */
  async function spaceOf(provenance: Reading['provenance'], dimensions: number): Promise<Space> {
    const key = `${provenance.modelId} ${provenance.modelVersion} ${provenance.modelSha256} ${dimensions}`;
    const space = spaces.get(key) ?? ensureSpace(scope, provenance, dimensions);
    spaces.set(key, space);
    space.catch(() => spaces.delete(key));
    return space;
  }

  return {
    async commit(commit, decide) {
      const { embedding, reading } = commit;
      // Outside the transaction: a new space is a new table, and making one must not wait behind a long commit.
      const space = embedding && (await spaceOf(reading.provenance, embedding.vector.length));
      const work = (tx: Transaction) => commitReading(tx, scope, commit, { space, decide, tell });
      return decide === undefined ? scope.transaction(work) : scope.turnTransaction(ALERT_DECISION, work);
    },
    async get(id) {
      const [row] = await sql.query<ReadingRow>(
        `select ${READING_COLUMNS} from reading where facility_id = $1 and id = $2`,
        [facilityId, asUuid(id)],
      );
      return row && toReading(row);
    },
    async ofStudy(studyUid) {
      const rows = await sql.query<ReadingRow>(
        `select ${READING_COLUMNS} from reading where facility_id = $1 and study_uid = $2
         order by sequence desc`,
        [facilityId, studyUid],
      );
      return rows.map(toReading);
    },
    async currentOfStudy(studyUid) {
      const [row] = await sql.query<ReadingRow>(
        `select ${READING_COLUMNS} from reading
         where facility_id = $1 and study_uid = $2 and superseded_by is null order by sequence desc limit 1`,
        [facilityId, studyUid],
      );
      return row && toReading(row);
    },
    keepMaps: (checked) => scope.transaction((tx) => keepMaps(tx, scope, checked)),
    wantMaps: (studyUid) => wantMaps(sql, facilityId, studyUid),
    startNow: (studyUid) => scope.transaction((tx) => startNow(tx, { facilityId, studyUid, now: scope.clock.now() })),
    async heatmap(readingId, findingCode) {
      const [row] = await sql.query<HeatmapTableRow>(
        `select finding_code, sop_instance_uid, sha256, bytes::float8 as bytes, columns, rows from heatmap
         where facility_id = $1 and reading_id = $2 and finding_code = $3`,
        [facilityId, asUuid(readingId), findingCode],
      );
      return (
        row && {
          findingCode: row.finding_code,
          sopInstanceUid: row.sop_instance_uid,
          blob: { sha256: row.sha256, bytes: row.bytes },
          columns: row.columns,
          rows: row.rows,
        }
      );
    },
  };
}
