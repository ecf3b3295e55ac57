// Messages to other systems: what waits, what did not arrive, and sending it again.
import { signal } from '@preact/signals';
import { v1 } from '#web/pages/shell/api.ts';
import { useLoaded, WhenLoaded } from '#web/pages/shell/loaded.tsx';
import { tell, tellFault } from '#web/pages/shell/notices.tsx';
import { Scrolled } from '#web/pages/shell/scrolled.tsx';
import { say, time } from '#web/pages/shell/words.ts';
import { topicText } from './codes.ts';

const resending = signal<string | undefined>(undefined);

export function Deliveries() {
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
    <section id="deliveries" aria-label={say('admin.deliveries')}>
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
              <Scrolled label={say('admin.deliveries')}>
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
                            {topicText(topic)} · {time(createdAt)}
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
              </Scrolled>
            )}
          </>
        )}
      </WhenLoaded>
    </section>
  );
}
