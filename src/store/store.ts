// The store: what every other room may ask of the database and the data folder. One facility is one scope (law 10).
import { type Backlog, readBacklog } from '#store/upkeep/backlog.ts';
import { openPersonData, type PersonData } from '#store/upkeep/person-data.ts';
import type { StoreEvent } from '#store/upkeep/store-event.ts';
import type { Writable } from 'node:stream';
import { type Dumped, writeBackup } from '#store/backup/dump.ts';
import { type Verified, verifyBlobs } from '#store/upkeep/verify-blobs.ts';
import type { Clock } from '#kernel/clock.ts';
import { type Accounts, openAccounts } from '#store/access/accounts.ts';
import { type ApiKeys, openApiKeys } from '#store/access/api-keys.ts';
import { openSessions, type StoredSessions } from '#store/access/sessions.ts';
import { type Alerts, openAlerts } from '#store/alert/alerts.ts';
import { type Assessments, openAssessments } from '#store/risk/assessments.ts';
import { type Audit, openAudit } from '#store/audit/audit.ts';
import { GENESIS } from '#store/audit/audit-chain.ts';
import { type BlobLocation, type BlobPlace, openBlobPlace } from '#store/blobs/blob-place.ts';
import type { BlobStore } from '#store/blobs/blobs.ts';
import { type Database, openDatabase } from '#store/host/database.ts';
import { openEmbedded } from '#store/host/embedded.ts';
import { type Embeddings, openEmbeddings } from '#store/vectors/embeddings.ts';
import { storeErrors } from './errors.ts';
import { type Finder, openFinder } from '#store/search/find.ts';
import { type Incoming, openIncoming } from '#store/queue/inbox.ts';
import { type Intake, openIntake } from '#store/study/intake.ts';
import { type Jobs, openJobs } from '#store/queue/jobs.ts';
import { recoverJobs } from '#store/queue/job-writes.ts';
import { openRiskSubjects, type RiskSubjects } from '#store/risk/subjects.ts';
import { type Measurements, openMeasurements } from '#store/risk/measurements.ts';
import { type MaintenanceDone, startMaintenance } from '#store/upkeep/maintenance.ts';
import { migrate } from '#store/host/migrate.ts';
import { claimFolder } from '#store/upkeep/installation.ts';
import { type StorageHealth, storageHealth } from '#store/upkeep/storage-health.ts';
import {
  type FacilityOutbox,
  openFacilityOutbox,
  openOutbox,
  type Outbox,
  recoverOutbox,
} from '#store/queue/outbox.ts';
import { openPicture, type Picture } from '#store/search/patient-summary.ts';
import { openPostgresql } from '#store/host/postgresql.ts';
import { auditDueGraphs } from '#store/vectors/recall-due.ts';
import { openOpinions, type Opinions } from '#store/reading/opinions.ts';
import { type ModelStages, openModelStages } from '#store/reading/model-stages.ts';
import { openSilentReadings, type SilentReadings } from '#store/reading/silent-readings.ts';
import { openReadings, type Readings } from '#store/reading/readings.ts';
import { openRecords, type Records } from '#store/search/documents.ts';
import { openPersons, type Persons } from '#store/study/person-alias.ts';
import type { TellChange } from '#store/study/study-change.ts';
import { type FetchedFilms, openFetchedFilms } from '#store/study/fetched-films.ts';
import { openStudyMatcher, type StudyMatcher } from '#store/study/query-studies.ts';
import { openRefusals, type Refusals } from '#store/study/refusals.ts';
import type { FacilityTotals } from '#kernel/facility-totals.ts';
import { openFacilityTotals } from '#store/search/facility-totals.ts';
import type { WaitedStudy } from '#kernel/waited-study.ts';
import { openServiceTimes, type ServiceTimes } from '#store/search/service-times.ts';
import { openWaitedStudies } from '#store/search/waited-studies.ts';
import { openTenancy } from '#store/host/tenancy.ts';
import { openWorklist, type Worklist } from '#store/search/worklist.ts';
import { type ChangeLog, openChangeLog } from '#store/search/worklist-changes.ts';

/** Everything here reads and writes rows of one facility and no other. */
export interface FacilityStore {
  readonly facilityId: string;
  readonly intake: Intake;
  readonly fetched: FetchedFilms;
  readonly readings: Readings;
  /** Studies by DICOM matching. */
  readonly matching: StudyMatcher;
  readonly worklist: Worklist;
  readonly serviceTimes: ServiceTimes;
  readonly totals: (since: Date) => Promise<FacilityTotals>;
  readonly waitedStudies: (limit: number) => Promise<readonly WaitedStudy[]>;
  readonly changes: ChangeLog;
  readonly opinions: Opinions;
  /** Of the models of this installation; only the site's own facility keeps them. */
  readonly modelStages: ModelStages;
  readonly silent: SilentReadings;
  readonly alerts: Alerts;
  readonly embeddings: Embeddings;
  readonly outbox: FacilityOutbox;
  readonly audit: Audit;
  readonly refusals: Refusals;
  readonly assessments: Assessments;
  readonly measurements: Measurements;
  readonly riskSubjects: RiskSubjects;
  readonly persons: Persons;
  readonly incoming: Incoming;
  readonly records: Records;
  readonly find: Finder;
  /** Everything of one person, to hand over or to erase. */
  readonly personData: PersonData;
  /** What is current about one person. */
  readonly picture: (patientCodes: readonly string[]) => Promise<Picture>;
}

export interface StoreOptions {
  /** Holds `postgres/` (the embedded database) and `blobs/`. */
  readonly dataDir: string;
  /** Absent: in the data folder. */
  readonly blobs?: BlobLocation;
  /** A real PostgreSQL with pgvector >= 0.8; absent: embedded. */
  readonly databaseUrl?: string;
  /** Where the tables lie; absent: `haidang`. */
  readonly schema?: string;
  readonly clock: Clock;
  /** Messages to receivers about a study that was corrected or withdrawn; absent: no message is sent. */
  readonly tell?: TellChange;
  /** Fixed keys, never patient data. */
  readonly log?: (event: StoreEvent) => void;
}

export interface Store {
  readonly host: 'embedded' | 'postgresql';
  /** Names of the migrations that this start applied. */
  readonly migrated: readonly string[];
  readonly blobs: BlobStore;
  /** Of all facilities: a worker takes what is next. */
  readonly jobs: Jobs;
  readonly outbox: Outbox;
  /** Who may come in, of all facilities. */
  readonly access: { readonly accounts: Accounts; readonly sessions: StoredSessions; readonly keys: ApiKeys };
  /** The facility is made when it is not there yet. Throws CareError `store.bad-identifier`. */
  facility(id: string): Promise<FacilityStore>;
  /** All that there are. */
  facilities(): Promise<readonly string[]>;
  /** Throws when the database does not answer. */
  ping(): Promise<void>;
  /** Tried by writing. Never throws. */
  health(): Promise<StorageHealth>;
  /** Waiting jobs, dead letters and unanswered alerts of all facilities. */
  backlog(): Promise<Backlog>;
  /** Everything as of one moment, and all files. Throws CareError `store.*`; then what was written is of no use. */
  backup(out: Writable, version: string): Promise<Dumped>;
  /** The database against the files. */
  verify(): Promise<Verified>;
  /** A round of upkeep, which also runs by itself every ten minutes. */
  maintain(): Promise<MaintenanceDone>;
  close(): Promise<void>;
}

interface Opening {
  readonly clock: Clock;
  readonly tell: TellChange;
  readonly blobs: BlobStore;
}

async function facilityStore(database: Database, id: string, { clock, tell, blobs }: Opening): Promise<FacilityStore> {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(id)) throw storeErrors.error('bad-identifier', { field: 'facility' });
  const scope = openTenancy(database, id, clock);
  await scope.transaction(async (tx) => {
    await tx.query('insert into facility (id, created_at) values ($1, $2) on conflict do nothing', [id, clock.now()]);
    await tx.query('insert into audit_head (facility_id, sequence, hash) values ($1, 0, $2) on conflict do nothing', [
      id,
      GENESIS,
    ]);
  });
  return {
    facilityId: id,
    intake: openIntake(scope, tell),
    fetched: openFetchedFilms(scope, blobs),
    readings: openReadings(scope, tell),
    matching: openStudyMatcher(scope),
    worklist: openWorklist(scope),
    serviceTimes: openServiceTimes(scope),
    totals: openFacilityTotals(scope),
    waitedStudies: openWaitedStudies(scope),
    changes: openChangeLog(scope),
    opinions: openOpinions(scope),
    modelStages: openModelStages(scope),
    silent: openSilentReadings(scope),
    alerts: openAlerts(scope),
    embeddings: openEmbeddings(scope),
    outbox: openFacilityOutbox(scope),
    audit: openAudit(scope),
    refusals: openRefusals(scope),
    assessments: openAssessments(scope),
    measurements: openMeasurements(scope),
    riskSubjects: openRiskSubjects(scope),
    persons: openPersons(scope),
    incoming: openIncoming(scope, tell),
    records: openRecords(scope),
    find: openFinder(scope),
    personData: openPersonData(scope),
    picture: openPicture(scope),
  };
}

export type StoreOverOptions = Pick<StoreOptions, 'dataDir' | 'blobs' | 'schema' | 'clock' | 'log' | 'tell'>;

export const SCHEMA = 'haidang';

async function openClaimed(database: Database, { dataDir, blobs, clock }: StoreOverOptions): Promise<BlobPlace> {
  // The embedded database has one process, and so has what lies beside it.
  const place = await openBlobPlace({ dataDir, location: blobs, alone: database.host === 'embedded' });
  try {
    await claimFolder(database, { ...place, clock });
    return place;
  } catch (thrown) {
    place.close();
    throw thrown;
  }
}

/** The store over a database that is already open; closing the store closes it. */
export async function storeOver(database: Database, options: StoreOverOptions): Promise<Store> {
  const { dataDir, clock, schema = SCHEMA, log = () => undefined, tell = () => [] } = options;
  const migrated = await migrate(database, schema);
  if (database.host === 'embedded') {
    // This process alone owns the database: whatever is still claimed belonged to one that is gone.
    await database.transaction(async (tx) => {
      await recoverJobs(tx, clock.now(), 'all');
      await recoverOutbox(tx, clock.now(), 'all');
    });
  }
  const place = await openClaimed(database, options);
  const { blobs, folder: blobFolder } = place;
  const facilities = new Map<string, Promise<FacilityStore>>();
  const facility = (id: string): Promise<FacilityStore> => {
    const known = facilities.get(id) ?? facilityStore(database, id, { clock, tell, blobs });
    facilities.set(id, known);
    known.catch(() => facilities.delete(id));
    return known;
  };
  const maintenance = startMaintenance(database, {
    clock,
    log,
    audit: () => auditDueGraphs(database, clock, async (id) => (await facility(id)).embeddings),
  });
  return {
    host: database.host,
    migrated,
    blobs,
    jobs: openJobs(database, clock),
    outbox: openOutbox(database, clock),
    access: {
      accounts: openAccounts(database, clock, facility),
      sessions: openSessions(database, clock, facility),
      keys: openApiKeys(database, clock, facility),
    },
    facility,
    async facilities() {
      const rows = await database.query<{ id: string }>('select id from facility order by id');
      return rows.map(({ id }) => id);
    },
    async ping() {
      await database.query('select 1');
    },
    health: () => storageHealth(database, blobFolder, clock),
    backup: (out, version) =>
      writeBackup(database, out, { schema, blobs, dataDir, version, at: clock.now().toISOString() }),
    verify: () => verifyBlobs(database, blobs),
    backlog: () => readBacklog(database, clock),
    maintain: () => maintenance.run(),
    async close() {
      await maintenance.close();
      place.close();
      await database.close();
    },
  };
}

/**
 * Opens the database, migrates it, and gives back what a killed process had claimed.
 * Throws CareError `store.folder-in-use`, `store.database-too-old`, `store.migration-changed`, `store.role-above-policies`.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { dataDir, databaseUrl: url, schema = SCHEMA, log = () => undefined } = options;
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) throw storeErrors.error('bad-identifier', { field: 'schema' });
  const host = url === undefined ? await openEmbedded(dataDir, schema) : await openPostgresql({ url, schema, log });
  const database = await openDatabase(host);
  try {
    const store = await storeOver(database, options);
    log({ level: 'info', event: 'store.opened', detail: database.host });
    return store;
  } catch (error) {
    await database.close();
    throw error;
  }
}
