// State of one study on its page, and the actions of its reader: asked again when the service says that this study changed. Nothing
// that the reader has opened or begun to write lives here, so that no answer of the service takes it away.
import { type Signal, signal } from '@preact/signals';
import type { Alert, Opinion, Reading, SimilarCases, Study } from '#client/client.ts';
import { HaidangError } from '#client/client.ts';
import { faultText, isMissing, v1 } from '#web/pages/shell/api.ts';
import { listen } from '#web/pages/shell/live.ts';
import { tell, tellFault } from '#web/pages/shell/notices.tsx';
import { say } from '#web/pages/shell/words.ts';

export type Finding = Reading['findings'][number];

export interface StudyState {
  readonly uid: string;
  readonly study: Signal<Study | undefined>;
  readonly alerts: Signal<readonly Alert[]>;
  readonly opinions: Signal<readonly Opinion[]>;
  readonly similar: Signal<SimilarCases | undefined>;
  readonly reasons: Signal<readonly OverrideReason[]>;
  readonly missing: Signal<boolean>;
  readonly fault: Signal<string | undefined>;
  refresh(): Promise<void>;
  close(): void;
}

export type OverrideReason = Awaited<ReturnType<typeof v1.listOverrideReasons>>['data'][number];

/** While a reading or a check of its maps goes on. */
const SOON_MS = 2000;

const isUnderway = (study: Study | undefined): boolean =>
  study !== undefined &&
  (['waiting', 'running', 'retrying'].includes(study.progress.state) ||
    study.reading?.findings.some(({ heatmap }) => heatmap?.state === 'checking') === true);

export function openStudyState(uid: string): StudyState {
  const study = signal<Study | undefined>(undefined);
  const alerts = signal<readonly Alert[]>([]);
  const opinions = signal<readonly Opinion[]>([]);
  const similar = signal<SimilarCases | undefined>(undefined);
  const reasons = signal<readonly OverrideReason[]>([]);
  const missing = signal(false);
  const fault = signal<string | undefined>(undefined);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  let similarOf: string | undefined;

  async function findSimilar({ id, outcome }: Reading): Promise<void> {
    if (outcome !== 'assessed' || similarOf === id) return;
    similarOf = id;
    try {
      similar.value = (await v1.getSimilarCases(id, { k: '8' })).data;
    } catch {
      // A study without similar cases is still a study; the section says that none could be had.
      similar.value = undefined;
    }
  }

  async function refresh(): Promise<void> {
    clearTimeout(timer);
    try {
      const [found, itsAlerts, itsOpinions] = await Promise.all([
        v1.getStudy(uid),
        v1.listAlerts({ studyUid: uid, limit: '20' }),
        v1.getOpinions(uid),
      ]);
      if (isClosed) return;
      study.value = found.data;
      alerts.value = itsAlerts.data;
      opinions.value = itsOpinions.data;
      fault.value = undefined;
      if (found.data.reading !== null) void findSimilar(found.data.reading);
    } catch (thrown) {
      missing.value = isMissing(thrown) && thrown instanceof HaidangError;
      fault.value = faultText(thrown);
    }
    if (!isClosed && isUnderway(study.value)) timer = setTimeout(() => void refresh(), SOON_MS);
  }

  const live = listen(
    ({ studies }) => {
      if (studies.includes(uid)) void refresh();
    },
    () => void refresh(),
  );
  return {
    uid,
    study,
    alerts,
    opinions,
    similar,
    reasons,
    missing,
    fault,
    refresh,
    close() {
      isClosed = true;
      clearTimeout(timer);
      live.close();
    },
  };
}

/** The study was opened by this reader: only then are its alerts seen. */
export async function markOpened({ uid, alerts, reasons }: StudyState): Promise<void> {
  v1.markOpened(uid).catch(() => undefined);
  for (const { id, status } of alerts.value) if (status === 'new') v1.markAlertSeen(id, {}).catch(() => undefined);
  try {
    reasons.value = (await v1.listOverrideReasons()).data;
  } catch (thrown) {
    tellFault(thrown);
  }
}

export const isOpenAlert = ({ status }: Alert): boolean => ['new', 'seen', 'acknowledged'].includes(status);
export const isUnanswered = ({ status }: Alert): boolean => status === 'new' || status === 'seen';

export async function sayOpinion(state: StudyState, finding: string, present: boolean | undefined): Promise<void> {
  const before = state.opinions.value.find(({ findingCode }) => findingCode === finding)?.present;
  try {
    if (present === undefined) await v1.takeBackOpinion(state.uid, finding);
    else await v1.sayOpinion(state.uid, finding, { present });
    await state.refresh();
    tell({
      kind: 'done',
      text: say(present === undefined ? 'opinion.taken-back' : present ? 'opinion.agreed' : 'opinion.disagreed'),
      action: { label: say('undo'), run: () => void sayOpinion(state, finding, before) },
    });
  } catch (thrown) {
    tellFault(thrown);
  }
}
