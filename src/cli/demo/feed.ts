// Sends files one after the other through the public API and waits until each study is read and its maps are checked: the pages that
// the demo draws must be complete.
import type { Sentence } from '#kernel/errors.ts';
import type { WorklistItem } from '#worklist/schema.ts';
import type { Api, Verdict } from './api.ts';
import type { Arrivals } from './arrivals.ts';

export interface Refused {
  readonly name: string;
  readonly problem: NonNullable<Verdict['problem']>;
  readonly note: Sentence | undefined;
}

export interface Fed {
  readonly files: number;
  readonly duplicates: number;
  readonly refused: readonly Refused[];
  /** Of every study that holds an image of this run: what was drawn on it, where that is known. */
  readonly studies: ReadonlyMap<string, Sentence | undefined>;
}

export interface Progress {
  sent(count: number, name: string): void;
  read(count: number, total: number): void;
}

/** How often the worklist is asked, and how long nothing may happen before the demo goes on without the rest. */
const POLL_MS = 400;
export const STALL_MS = 120_000;

const isRead = ({ outcome, progress, reading }: WorklistItem): boolean =>
  outcome !== null &&
  progress === null &&
  reading?.findings.some(({ heatmap }) => heatmap?.state === 'checking') !== true;

/** Sends everything; the service reads what has arrived meanwhile. */
export async function feed(api: Api, arrivals: Arrivals, progress: Progress): Promise<Fed> {
  const studies = new Map<string, Sentence | undefined>();
  const refused: Refused[] = [];
  let [files, duplicates] = [0, 0];
  for await (const { name, bytes, note } of arrivals.files()) {
    for (const verdict of await api.upload(name, bytes)) {
      if (verdict.status === 'duplicate') duplicates += 1;
      if (verdict.problem !== null) refused.push({ name, problem: verdict.problem, note });
      const { studyUid } = verdict;
      if (studyUid !== null) studies.set(studyUid, studies.get(studyUid) ?? note);
    }
    files += 1;
    progress.sent(files, name);
    const read = (await api.worklist()).filter((item) => studies.has(item.studyUid) && isRead(item));
    progress.read(read.length, studies.size);
  }
  return { files, duplicates, refused, studies };
}

/** Resolves with this run's studies in the order of reading: when all are read, or when nothing happened for `STALL_MS`. */
export async function untilRead(api: Api, { studies }: Fed, progress: Progress): Promise<readonly WorklistItem[]> {
  let [last, quietSince] = [-1, performance.now()];
  for (;;) {
    const mine = (await api.worklist()).filter(({ studyUid }) => studies.has(studyUid));
    const read = mine.filter(isRead).length;
    progress.read(read, studies.size);
    if (read === studies.size) return mine;
    if (read !== last) [last, quietSince] = [read, performance.now()];
    if (performance.now() - quietSince > STALL_MS) return mine;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
