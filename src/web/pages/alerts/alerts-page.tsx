// The inbox: open alerts, the gravest and oldest first, answered in place; several at once only by a person who has chosen each.
import { type Signal, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Alert } from '#client/client.ts';
import { faultText, v1 } from '#web/pages/shell/api.ts';
import { eventId } from '#web/pages/shell/browser.ts';
import { usePageKeys } from '#web/pages/shell/keys.tsx';
import { listen } from '#web/pages/shell/live.ts';
import { useLoaded, WhenLoaded } from '#web/pages/shell/loaded.tsx';
import { tell } from '#web/pages/shell/notices.tsx';
import { may } from '#web/pages/shell/session.ts';
import { say } from '#web/pages/shell/words.ts';
import { isUnanswered } from '#web/pages/study/study-state.ts';
import { AlertRow } from './alert-row.tsx';
import { ResponseSection } from './response-figures.tsx';

const MOST = 500;
const REFRESH_MS = 30_000;

/** A browser holds six connections; the others would wait behind, with their deadlines running. */
const AT_ONCE = 4;

async function acknowledgeAll(ids: readonly string[], refresh: () => Promise<void>): Promise<void> {
  const faults: unknown[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const answers = await Promise.allSettled(
      ids.slice(at, at + AT_ONCE).map((id) => v1.acknowledgeAlert(id, eventId())),
    );
    for (const answer of answers) if (answer.status === 'rejected') faults.push(answer.reason);
  }
  const done = ids.length - faults.length;
  if (faults.length === 0) tell({ kind: 'done', text: say('acknowledged-n', { n: done }) });
  else tell({ kind: 'fault', text: say('acknowledged-some', { done, n: ids.length, fault: faultText(faults[0]) }) });
  await refresh();
}

interface AcknowledgeChosenProps {
  readonly chosen: Signal<ReadonlySet<string>>;
  readonly picked: readonly Alert[];
  readonly refresh: () => Promise<void>;
}

function AcknowledgeChosen({ chosen, picked, refresh }: AcknowledgeChosenProps) {
  if (picked.length === 0) return null;
  const critical = picked.filter(({ severity }) => severity === 'critical').length;
  const acknowledge = (): void => {
    chosen.value = new Set();
    void acknowledgeAll(
      picked.map(({ id }) => id),
      refresh,
    );
  };
  return (
    <button type="button" class="main" onClick={acknowledge}>
      {say('acknowledge-n', { n: picked.length, critical })}
    </button>
  );
}

function AnsweredToo({ isAll, load }: { readonly isAll: Signal<boolean>; readonly load: () => Promise<void> }) {
  return (
    <label>
      <input
        type="checkbox"
        checked={isAll.value}
        onChange={() => {
          isAll.value = !isAll.value;
          void load();
        }}
      />{' '}
      {say('alerts-answered-too')}
    </label>
  );
}

const TableLink = () => (
  <p class="small">
    <a href="/v1/alerts.csv" download>
      {say('export.alerts')}
    </a>
  </p>
);

export function AlertsPage() {
  const chosen = useMemo(() => signal<ReadonlySet<string>>(new Set()), []);
  const isAll = useMemo(() => signal(false), []);
  const alerts = useLoaded(() => v1.getAlertInbox({ state: isAll.value ? 'all' : 'open', limit: String(MOST) }));
  const reasons = useLoaded(() => v1.listOverrideReasons());
  const escalations = useLoaded(() => v1.listEscalations());
  const refresh = async (): Promise<void> => {
    await Promise.all([alerts.load(), escalations.load()]);
  };
  useEffect(() => {
    document.title = `${say('page.alerts')} – Hải Đăng`;
    const again = (): void => void refresh();
    const live = listen(again, again);
    const slow = setInterval(again, REFRESH_MS);
    return () => {
      live.close();
      clearInterval(slow);
    };
  }, []);
  usePageKeys([{ key: 'r', label: 'key.refresh', run: () => void refresh() }]);
  const choose = (id: string): void => {
    const next = new Set(chosen.value);
    if (!next.delete(id)) next.add(id);
    chosen.value = next;
  };
  return (
    <main class="page">
      <h1>{say('page.alerts')}</h1>
      <WhenLoaded of={alerts}>
        {({ total, items: shown }) => {
          const picked = shown.filter((alert) => isUnanswered(alert) && chosen.value.has(alert.id));
          const escalationOf = new Map(escalations.value.value?.map((one) => [one.alertId, one]));
          return (
            <>
              <div class="list-line">
                <span data-total={total}>{say('alerts-n', { n: total })}</span>
                <AnsweredToo isAll={isAll} load={alerts.load} />
                <AcknowledgeChosen chosen={chosen} picked={picked} refresh={refresh} />
              </div>
              {escalations.fault.value !== undefined && (
                <p class="fault" role="alert">
                  {say('escalation.unknown')}
                </p>
              )}
              {total > shown.length && <p class="quiet small">{say('alerts-most', { n: shown.length })}</p>}
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
                      escalation={escalationOf.get(alert.id)}
                      isChosen={chosen.value.has(alert.id)}
                      choose={choose}
                      refresh={refresh}
                    />
                  ))}
                </ul>
              )}
            </>
          );
        }}
      </WhenLoaded>
      {may('figures:read') && <ResponseSection />}
      <TableLink />
    </main>
  );
}
