// Fetches earlier films of each person whose film arrives from the archives that the site names. Pending fetches are stored, so that a
// restart goes on; what is fetched is only compared with: no alert, no place on the worklist.
import { type Rounds, startRounds } from '#kernel/rounds.ts';
import { z } from 'zod';
import type { PriorStudy, PriorSource } from '#kernel/prior-source.ts';
import type { StoredStudy } from '#kernel/stored-study.ts';
import { isOther, takenAt } from './earlier-studies.ts';
import { doneKey, openKey, PRIORS_ROOM } from './fetch-state.ts';

interface Records {
  get(room: string, key: string): Promise<{ readonly value: unknown } | undefined>;
  put(room: string, key: string, value: unknown): Promise<void>;
  putFirst(room: string, key: string, value: unknown): Promise<boolean>;
  remove(room: string, key: string): Promise<void>;
  list(
    room: string,
    options: { readonly prefix: string; readonly limit: number },
  ): Promise<readonly { readonly key: string; readonly value: unknown }[]>;
}

export interface PriorFetchStore {
  readonly changes: { since(after?: number): Promise<{ readonly upTo: number; readonly studies: readonly string[] }> };
  readonly intake: { study(studyUid: string): Promise<StoredStudy | undefined> };
  readonly records: Records;
  readonly fetched: { evict(quotaBytes: number): Promise<number> };
}

export interface PriorFetchDeps {
  readonly store: PriorFetchStore;
  readonly sources: readonly PriorSource[];
  readonly most: number;
  readonly years: number;
  readonly quotaBytes: number;
  now(): Date;
  /** Fixed words, nothing of a patient. */
  told(event: 'priors not fetched', detail: { readonly id: string; readonly reason: string }): void;
  fault(event: string, thrown: unknown): void;
}

const CURSOR = 'cursor';

const openSchema = z.object({ tries: z.number().int(), notBefore: z.string() });

const ROUND_MS = 1_000;
const MOST_TRIES = 6;
const FIRST_RETRY_MS = 5_000;
const STUDY_DEADLINE_MS = 5 * 60_000;

const reasonWord = (thrown: unknown): string =>
  thrown instanceof Error && 'word' in thrown && typeof thrown.word === 'string'
    ? thrown.word
    : thrown instanceof Error
      ? thrown.name
      : 'unknown';

/** The newest first. A study of unknown date may be an earlier one. */
function candidates(found: readonly PriorStudy[], study: StoredStudy, { most, years }: PriorFetchDeps) {
  const day = takenAt(study).slice(0, 10);
  const oldest = `${Number(day.slice(0, 4)) - years}${day.slice(4)}`;
  return found
    .filter(({ studyUid, date = day, patient }) => {
      if (studyUid === study.studyUid || date > day || date < oldest) return false;
      return !isOther(patient, study.patient);
    })
    .toSorted((a, b) => ((a.date ?? '') < (b.date ?? '') ? 1 : -1))
    .slice(0, most);
}

async function fetchFrom(source: PriorSource, study: StoredStudy, deps: PriorFetchDeps, signal: AbortSignal) {
  const { id } = study.patient;
  // Wildcards of DICOM matching would find other people.
  if (id === undefined || /[*?\\]/.test(id)) return 0;
  const until = AbortSignal.any([signal, AbortSignal.timeout(STUDY_DEADLINE_MS)]);
  let fetched = 0;
  for (const { studyUid } of candidates(await source.find(id, until), study, deps)) {
    const known = await deps.store.intake.study(studyUid);
    if (known !== undefined && known.instances.length > 0) continue;
    await source.fetch(studyUid, until);
    fetched += 1;
  }
  return fetched;
}

/** Every archive is asked; one that fails does not keep the others from answering. */
async function fetchFor(studyUid: string, tries: number, deps: PriorFetchDeps, signal: AbortSignal): Promise<void> {
  const { records, intake } = deps.store;
  const study = await intake.study(studyUid);
  let fetched = 0;
  const failed: string[] = [];
  if (study !== undefined && study.fetchedAt === undefined)
    for (const source of deps.sources) {
      try {
        fetched += await fetchFrom(source, study, deps, signal);
      } catch (thrown) {
        if (signal.aborted) return;
        failed.push(source.id);
        if (tries === 0) deps.told('priors not fetched', { id: source.id, reason: reasonWord(thrown) });
      }
    }
  const now = deps.now();
  if (failed.length > 0 && tries + 1 < MOST_TRIES) {
    const notBefore = new Date(now.getTime() + FIRST_RETRY_MS * 4 ** tries).toISOString();
    await records.put(PRIORS_ROOM, openKey(studyUid), { tries: tries + 1, notBefore, failed });
    return;
  }
  await records.put(PRIORS_ROOM, doneKey(studyUid), { fetched, failed, at: now.toISOString() });
  await records.remove(PRIORS_ROOM, openKey(studyUid));
}

/** Studies that arrived since the last look are written down before the cursor moves. */
async function noteArrivals({ store }: PriorFetchDeps): Promise<void> {
  const { records, changes } = store;
  const cursor = z.number().safeParse((await records.get(PRIORS_ROOM, CURSOR))?.value);
  const { upTo, studies } = await changes.since(cursor.success ? cursor.data : undefined);
  if (cursor.success && upTo === cursor.data) return;
  for (const studyUid of studies) {
    if ((await records.get(PRIORS_ROOM, doneKey(studyUid))) !== undefined) continue;
    await records.putFirst(PRIORS_ROOM, openKey(studyUid), { tries: 0, notBefore: '' });
  }
  await records.put(PRIORS_ROOM, CURSOR, upTo);
}

async function round(deps: PriorFetchDeps, signal: AbortSignal): Promise<void> {
  const { store, now, quotaBytes } = deps;
  await noteArrivals(deps);
  const open = await store.records.list(PRIORS_ROOM, { prefix: openKey(''), limit: 100 });
  for (const { key, value } of open) {
    const waiting = openSchema.safeParse(value);
    const { tries, notBefore } = waiting.success ? waiting.data : { tries: 0, notBefore: '' };
    if (signal.aborted || notBefore > now().toISOString()) continue;
    await fetchFor(key.slice(openKey('').length), tries, deps, signal);
    await store.fetched.evict(quotaBytes);
  }
}

export function startPriorFetcher(deps: PriorFetchDeps): Rounds {
  return startRounds(async (signal) => {
    try {
      await round(deps, signal);
    } catch (thrown) {
      if (!signal.aborted) deps.fault('priors not fetched', thrown);
    }
    return ROUND_MS;
  });
}
