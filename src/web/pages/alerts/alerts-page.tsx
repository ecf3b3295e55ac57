// The inbox: open alerts, the gravest and oldest first, answered in place; several at once only by a person who has chosen each.
import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Alert } from '#client/client.ts';
import { v1 } from '#web/pages/shell/api.ts';
import { eventId, nowMs } from '#web/pages/shell/browser.ts';
import { usePageKeys } from '#web/pages/shell/keys.tsx';
import { listen } from '#web/pages/shell/live.ts';
import { useLoaded, WhenLoaded } from '#web/pages/shell/loaded.tsx';
import { tell, tellFault } from '#web/pages/shell/notices.tsx';
import { patientAddress, studyAddress } from '#web/pages/shell/person.ts';
import { follow, go } from '#web/pages/shell/router.ts';
import { duration, say } from '#web/pages/shell/words.ts';
import { AlertCard } from '#web/pages/study/alert-card.tsx';
import { isOpenAlert, isUnanswered, type OverrideReason } from '#web/pages/study/study-state.ts';

const MOST = 500;
const REFRESH_MS = 30_000;
const SEVERITIES = ['critical', 'warning', 'info'];
const MINUTE_MS = 60_000;

const byGravity = (a: Alert, b: Alert): number =>
  Number(isUnanswered(b)) - Number(isUnanswered(a)) ||
  SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
  a.createdAt.localeCompare(b.createdAt);

const addressOf = ({ subject }: Alert): string =>
  subject.studyUid === null ? patientAddress(subject.patientCode) : studyAddress(subject.studyUid);

interface RowProps {
  readonly alert: Alert;
  readonly reasons: readonly OverrideReason[];
  readonly isChosen: boolean;
  choose(chosen: string): void;
  refresh(): Promise<void>;
}

function AlertRow({ alert, reasons, isChosen, choose, refresh }: RowProps) {
  const age = Math.floor((nowMs() - Date.parse(alert.createdAt)) / MINUTE_MS);
  return (
    <li
      class="alert-row"
      data-alert-id={alert.id}
      data-severity={alert.severity}
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.target !== event.currentTarget) return;
        event.preventDefault();
        go(addressOf(alert));
      }}
    >
      <div class="alert-side small">
        {isUnanswered(alert) && (
          <input
            type="checkbox"
            aria-label={say('choose-alert', { patient: alert.subject.patientCode })}
            checked={isChosen}
            onChange={() => choose(alert.id)}
          />
        )}
        <span class="number" title={say('age-of-alert')}>
          {duration(age)}
        </span>
        <a href={patientAddress(alert.subject.patientCode)} onClick={follow}>
          {alert.subject.patientCode}
        </a>
        {alert.subject.studyUid !== null && (
          <a href={studyAddress(alert.subject.studyUid)} onClick={follow}>
            {say('study')}
          </a>
        )}
      </div>
      <AlertCard alert={alert} reasons={reasons} refresh={refresh} />
    </li>
  );
}

async function acknowledgeAll(ids: readonly string[], refresh: () => Promise<void>): Promise<void> {
  const answers = await Promise.allSettled(ids.map((id) => v1.acknowledgeAlert(id, eventId())));
  const [failed] = answers.filter((answer) => answer.status === 'rejected');
  if (failed === undefined) tell({ kind: 'done', text: say('acknowledged-n', { n: ids.length }) });
  else tellFault(failed.reason);
  await refresh();
}

export function AlertsPage() {
  const chosen = useMemo(() => signal<ReadonlySet<string>>(new Set()), []);
  const isAll = useMemo(() => signal(false), []);
  const alerts = useLoaded(() => v1.listAlerts({ limit: String(MOST) }));
  const reasons = useLoaded(() => v1.listOverrideReasons());
  useEffect(() => {
    document.title = `${say('page.alerts')} – Hải Đăng`;
    const again = (): void => void alerts.load();
    const live = listen(again, again);
    const slow = setInterval(again, REFRESH_MS);
    return () => {
      live.close();
      clearInterval(slow);
    };
  }, []);
  usePageKeys([{ key: 'r', label: 'key.refresh', run: () => void alerts.load() }]);
  const choose = (id: string): void => {
    const next = new Set(chosen.value);
    if (!next.delete(id)) next.add(id);
    chosen.value = next;
  };
  return (
    <main class="page">
      <h1>{say('page.alerts')}</h1>
      <WhenLoaded of={alerts}>
        {(all) => {
          const shown = all.filter((alert) => isAll.value || isOpenAlert(alert)).toSorted(byGravity);
          const ids = shown.filter((alert) => isUnanswered(alert) && chosen.value.has(alert.id)).map(({ id }) => id);
          return (
            <>
              <div class="list-line">
                <span data-total={shown.length}>{say('alerts-n', { n: shown.length })}</span>
                <label>
                  <input type="checkbox" checked={isAll.value} onChange={() => (isAll.value = !isAll.value)} />{' '}
                  {say('alerts-answered-too')}
                </label>
                {ids.length > 0 && (
                  <button
                    type="button"
                    class="main"
                    onClick={() => {
                      chosen.value = new Set();
                      void acknowledgeAll(ids, alerts.load);
                    }}
                  >
                    {say('acknowledge-n', { n: ids.length })}
                  </button>
                )}
              </div>
              {all.length === MOST && <p class="quiet small">{say('alerts-most', { n: MOST })}</p>}
              {shown.length === 0 ? (
                <div class="state">
                  <h2>{say('alerts-none')}</h2>
                </div>
              ) : (
                <ul class="alerts">
                  {shown.map((alert) => (
                    <AlertRow
                      key={alert.id}
                      alert={alert}
                      reasons={reasons.value.value ?? []}
                      isChosen={chosen.value.has(alert.id)}
                      choose={choose}
                      refresh={alerts.load}
                    />
                  ))}
                </ul>
              )}
            </>
          );
        }}
      </WhenLoaded>
    </main>
  );
}
