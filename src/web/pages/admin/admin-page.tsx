// Administration: models and their states, messages that did not arrive, how alerts are answered, refused files, and whether the audit is
// whole. Every section stands alone, so that one that cannot be had takes no other away.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { v1 } from '#web/pages/shell/api.ts';
import { useLoaded, WhenLoaded } from '#web/pages/shell/loaded.tsx';
import { tell, tellFault } from '#web/pages/shell/notices.tsx';
import { follow } from '#web/pages/shell/router.ts';
import { both, number, percent, say, time } from '#web/pages/shell/words.ts';

function Models() {
  const models = useLoaded(() => v1.listModels());
  return (
    <section aria-label={say('admin.models')}>
      <h2>{say('admin.models')}</h2>
      <WhenLoaded of={models}>
        {({ models: list, refused }) => (
          <>
            <table class="plain-table">
              <thead>
                <tr>
                  <th>{say('model')}</th>
                  <th>{say('state')}</th>
                  <th>{say('calibration')}</th>
                  <th>{say('admin.findings')}</th>
                </tr>
              </thead>
              <tbody>
                {list.map(({ id, version, title, state, reason, provider, precision, calibration, heads }) => (
                  <tr key={id}>
                    <td>
                      {both(title)}
                      <div class="quiet small">
                        {id} {version}
                      </div>
                    </td>
                    <td class={state === 'refused' ? 'unread' : ''}>
                      {say(`model-state.${state}`)}
                      <div class="quiet small">{reason ?? [provider, precision].filter(Boolean).join(' ')}</div>
                    </td>
                    <td>{calibration.version}</td>
                    <td class="number">{heads.length}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            {refused.map(({ folder, code, reason }) => (
              <p key={folder} class="unread">
                ⊘ {folder}: {reason} <code>{code}</code>
              </p>
            ))}
          </>
        )}
      </WhenLoaded>
    </section>
  );
}

const resending = signal<string | undefined>(undefined);

function Deliveries() {
  const messages = useLoaded(() => v1.listOutgoingMessages({ limit: '100' }));
  async function resend(id: string): Promise<void> {
    resending.value = id;
    try {
      await v1.resendMessage(id);
      tell({ kind: 'done', text: say('admin.resent') });
    } catch (thrown) {
      tellFault(thrown);
    }
    resending.value = undefined;
    await messages.load();
  }
  return (
    <section aria-label={say('admin.deliveries')}>
      <h2>{say('admin.deliveries')}</h2>
      <WhenLoaded of={messages}>
        {({ messages: list, unreachable }) => (
          <>
            {unreachable.length > 0 && (
              <p class="unread">⊘ {say('admin.unreachable', { targets: unreachable.join(', ') })}</p>
            )}
            {list.length === 0 ? (
              <p class="quiet">{say('admin.no-message')}</p>
            ) : (
              <table class="plain-table">
                <thead>
                  <tr>
                    <th>{say('admin.target')}</th>
                    <th>{say('state')}</th>
                    <th>{say('admin.attempts')}</th>
                    <th>{say('admin.fault')}</th>
                    <th>
                      <span class="hidden-title">{say('admin.resend')}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {list.map(({ id, target, topic, state, attempts, lastError, createdAt }) => (
                    <tr key={id}>
                      <td>
                        {target}
                        <div class="quiet small">
                          {topic} · {time(createdAt)}
                        </div>
                      </td>
                      <td class={state === 'dead' ? 'unread' : ''}>{say(`message-state.${state}`)}</td>
                      <td class="number">{attempts}</td>
                      <td class="small">{lastError}</td>
                      <td>
                        {state === 'dead' && (
                          <button type="button" disabled={resending.value === id} onClick={() => void resend(id)}>
                            {say('admin.resend')}
                          </button>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </>
        )}
      </WhenLoaded>
    </section>
  );
}

function AlertFigures() {
  const figures = useLoaded(() => v1.getAlertFigures({ days: '30' }));
  return (
    <section aria-label={say('admin.figures')}>
      <h2>{say('admin.figures')}</h2>
      <WhenLoaded of={figures}>
        {(list) =>
          list.length === 0 ? (
            <p class="quiet">{say('admin.no-figure')}</p>
          ) : (
            <table class="plain-table">
              <thead>
                <tr>
                  <th>{say('admin.rule')}</th>
                  <th>{say('admin.told')}</th>
                  <th>{say('admin.suppressed')}</th>
                  <th>{say('admin.accepted')}</th>
                  <th>{say('admin.minutes')}</th>
                </tr>
              </thead>
              <tbody>
                {list.map(({ rule, modelVersion, told, suppressed, accepted, medianMinutesToAnswer }) => (
                  <tr key={rule + modelVersion}>
                    <td>
                      {rule}
                      <div class="quiet small">{modelVersion}</div>
                    </td>
                    <td class="number">{told}</td>
                    <td class="number">{suppressed}</td>
                    <td class="number">
                      {accepted.value === null || accepted.lower === null || accepted.upper === null
                        ? '–'
                        : `${percent(accepted.value)} (${percent(accepted.lower)} – ${percent(accepted.upper)})`}
                    </td>
                    <td class="number">{medianMinutesToAnswer === null ? '–' : number(medianMinutesToAnswer, 1)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </WhenLoaded>
      <p class="small">
        <a href="/v1/alert-feedback.csv" download>
          {say('admin.feedback')}
        </a>
      </p>
    </section>
  );
}

function Refused() {
  const refusals = useLoaded(() => v1.listRefusals({ limit: '200' }));
  return (
    <section aria-label={say('admin.refused')}>
      <h2>{say('admin.refused')}</h2>
      <WhenLoaded of={refusals}>
        {(list) =>
          list.length === 0 ? (
            <p class="quiet">{say('admin.no-refusal')}</p>
          ) : (
            <table class="plain-table" data-total={list.length}>
              <thead>
                <tr>
                  <th>{say('received')}</th>
                  <th>{say('reason')}</th>
                  <th>SHA-256</th>
                </tr>
              </thead>
              <tbody>
                {list.map(({ at, code, field, reason, text, sha256 }) => (
                  <tr key={at + code}>
                    <td class="number">{time(at)}</td>
                    <td>
                      {field} {text ? both(text) : reason} <code title={reason}>{code}</code>
                    </td>
                    <td>
                      <code title={sha256 ?? undefined}>{sha256?.slice(0, 12)}</code>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </WhenLoaded>
    </section>
  );
}

function Audit() {
  const verdict = useLoaded(() => v1.verifyAudit());
  return (
    <section aria-label={say('admin.audit')}>
      <h2>{say('admin.audit')}</h2>
      <WhenLoaded of={verdict}>
        {({ intact, entries, faults }) => (
          <p class={intact ? '' : 'place critical'}>
            {intact ? '✓' : '⚠'} {say(intact ? 'admin.intact' : 'admin.edited', { n: entries, faults: faults.length })}
          </p>
        )}
      </WhenLoaded>
    </section>
  );
}

export function AdminPage() {
  useEffect(() => {
    document.title = `${say('page.admin')} – Hải Đăng`;
  }, []);
  return (
    <main class="page">
      <h1>{say('page.admin')}</h1>
      <p>
        <a href="/triage" onClick={follow}>
          {say('page.triage')}
        </a>
      </p>
      <Models />
      <Deliveries />
      <AlertFigures />
      <Refused />
      <Audit />
    </main>
  );
}
