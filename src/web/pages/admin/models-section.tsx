// Which models read, and which folders were refused with the reason.
import { v1 } from '#web/pages/shell/api.ts';
import { useLoaded, WhenLoaded } from '#web/pages/shell/loaded.tsx';
import { both, say } from '#web/pages/shell/words.ts';

export function Models() {
  const models = useLoaded(() => v1.listModels());
  return (
    <section id="models" aria-label={say('admin.models')}>
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
