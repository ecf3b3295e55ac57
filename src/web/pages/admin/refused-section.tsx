// Files that were refused at the door, each with its reason in words.
import { v1 } from '#web/pages/shell/api.ts';
import { useLoaded, WhenLoaded } from '#web/pages/shell/loaded.tsx';
import { Scrolled } from '#web/pages/shell/scrolled.tsx';
import { both, say, time } from '#web/pages/shell/words.ts';

export function Refused() {
  const refusals = useLoaded(() => v1.listRefusals({ limit: '200' }));
  return (
    <section id="refused" aria-label={say('admin.refused')}>
      <h2>{say('admin.refused')}</h2>
      <WhenLoaded of={refusals}>
        {(list) =>
          list.length === 0 ? (
            <p class="quiet">{say('admin.no-refusal')}</p>
          ) : (
            <Scrolled label={say('admin.refused')}>
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
            </Scrolled>
          )
        }
      </WhenLoaded>
    </section>
  );
}
