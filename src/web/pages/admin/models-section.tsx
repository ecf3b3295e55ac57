// Models in service, and refused model folders with the reason.
import { v1 } from '#web/pages/shell/api.ts';
import { useLoaded, WhenLoaded } from '#web/pages/shell/loaded.tsx';
import { HeadRow } from '#web/pages/shell/head-row.tsx';
import { Scrolled } from '#web/pages/shell/scrolled.tsx';
import { both, number, say } from '#web/pages/shell/words.ts';

export function Models() {
  const models = useLoaded(() => v1.listModels());
  return (
    <section id="models" aria-label={say('admin.models')}>
      <h2>{say('admin.models')}</h2>
      <WhenLoaded of={models}>
        {({ models: list, refused, memory }) => (
          <>
            <Scrolled label={say('admin.models')}>
              <table class="plain-table">
                <HeadRow
                  titles={[
                    say('model'),
                    say('state'),
                    say('calibration'),
                    say('admin.findings'),
                    say('admin.share'),
                    say('admin.readings'),
                    say('admin.memory'),
                  ]}
                />
                <tbody>
                  {list.map(
                    ({ id, version, title, state, reason, provider, precision, calibration, heads, ...use }) => (
                      <tr key={`${id}/${version}`} data-model={`${id}/${version}`}>
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
                        <td class="number">{number(use.share * 100)} %</td>
                        <td class="number">{use.readings}</td>
                        <td class="number">{use.memoryMib === 0 ? '–' : `${number(use.memoryMib)} MiB`}</td>
                      </tr>
                    ),
                  )}
                </tbody>
              </table>
            </Scrolled>
            <p class="quiet small">
              {say(memory.budgetMib === null ? 'admin.memory-used' : 'admin.memory-of', {
                used: memory.usedMib,
                budget: memory.budgetMib ?? '',
              })}
            </p>
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
