// Emergency access: people of another facility who opened records of this one, with their reasons.
import { v1 } from '#web/pages/shell/api.ts';
import { useLoaded, WhenLoaded } from '#web/pages/shell/loaded.tsx';
import { HeadRow } from '#web/pages/shell/head-row.tsx';
import { Scrolled } from '#web/pages/shell/scrolled.tsx';
import { say, time } from '#web/pages/shell/words.ts';

export function EmergencyAccesses() {
  const opened = useLoaded(() => v1.listEmergencyAccesses());
  return (
    <section id="emergency" aria-label={say('admin.emergency')}>
      <h2>{say('admin.emergency')}</h2>
      <WhenLoaded of={opened}>
        {(list) =>
          list.length === 0 ? (
            <p class="quiet">{say('admin.no-emergency')}</p>
          ) : (
            <Scrolled label={say('admin.emergency')}>
              <table class="plain-table" data-total={list.length}>
                <HeadRow
                  titles={[
                    say('emergency.opened'),
                    say('emergency.who'),
                    say('emergency.patient'),
                    say('emergency.reason'),
                  ]}
                />
                <tbody>
                  {list.map(({ id, actor, home, patientCode, reason, openedAt, endsAt }) => (
                    <tr key={id} data-emergency={id}>
                      <td class="number" title={say('emergency.until', { time: time(endsAt) })}>
                        {time(openedAt)}
                      </td>
                      <td>
                        {actor} ({home})
                      </td>
                      <td>{patientCode}</td>
                      <td>{reason}</td>
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
