// Drift of each device's films: its newest against its own earlier ones, and an honest "too few" where there are not enough.
import type { v1 as Api } from '#web/pages/shell/api.ts';
import { v1 } from '#web/pages/shell/api.ts';
import { useLoaded, WhenLoaded } from '#web/pages/shell/loaded.tsx';
import { HeadRow } from '#web/pages/shell/head-row.tsx';
import { Scrolled } from '#web/pages/shell/scrolled.tsx';
import { number, percent, say, time } from '#web/pages/shell/words.ts';

type Device = Awaited<ReturnType<typeof Api.getDrift>>['data']['devices'][number];
type Estimate = Device['score'];

/** An interval without 0 in it asks for a look. */
const hasMoved = ({ lower, upper }: Estimate): boolean => lower !== null && upper !== null && (lower > 0 || upper < 0);

function Share({ change }: { readonly change: Device['positive'] }) {
  const { recent, earlier, difference } = change;
  const shown = ({ value, n }: Estimate): string => (value === null ? '–' : `${percent(value)} (n ${n})`);
  return (
    <td class={hasMoved(difference) ? 'moved' : ''}>
      {shown(earlier)} → {shown(recent)}
      <div class="small quiet">
        {difference.value === null || difference.lower === null || difference.upper === null
          ? say('drift.too-few')
          : `${hasMoved(difference) ? '⚠ ' : ''}${say('drift.points', {
              value: number(difference.value * 100, 1),
              lower: number(difference.lower * 100, 1),
              upper: number(difference.upper * 100, 1),
            })}`}
      </div>
    </td>
  );
}

function Shift({ score }: { readonly score: Estimate }) {
  const { value, lower, upper } = score;
  return (
    <td class={hasMoved(score) ? 'moved' : ''}>
      {value === null || lower === null || upper === null
        ? say('drift.too-few')
        : `${hasMoved(score) ? '⚠ ' : ''}${number(value, 2)} (${number(lower, 2)} … ${number(upper, 2)})`}
    </td>
  );
}

export function DriftSection() {
  const loaded = useLoaded(() => v1.getDrift({ days: '7' }));
  return (
    <section id="drift" aria-label={say('admin.drift')}>
      <h2>{say('admin.drift')}</h2>
      <WhenLoaded of={loaded}>
        {({ devices, recentFrom, earlierFrom, leastFilms }) =>
          devices.length === 0 ? (
            <p class="quiet">{say('admin.no-study')}</p>
          ) : (
            <>
              <p class="small quiet">
                {say('drift.help', { recent: time(recentFrom), earlier: time(earlierFrom), n: leastFilms })}
              </p>
              <Scrolled label={say('admin.drift')}>
                <table class="plain-table figures">
                  <HeadRow
                    titles={[
                      say('drift.device'),
                      say('drift.films'),
                      say('drift.positive'),
                      say('drift.score'),
                      say('drift.refused'),
                    ]}
                  />
                  <tbody>
                    {devices.map(({ device, recentFilms, earlierFilms, tooFew, positive, score, refused }) => (
                      <tr key={device} data-device={device} data-too-few={tooFew}>
                        <td>{device === '' ? <em>{say('drift.unnamed')}</em> : device}</td>
                        <td class="number">
                          {earlierFilms} → {recentFilms}
                          {tooFew && <div class="small unread">{say('drift.too-few')}</div>}
                        </td>
                        <Share change={positive} />
                        <Shift score={score} />
                        <Share change={refused} />
                      </tr>
                    ))}
                  </tbody>
                </table>
              </Scrolled>
            </>
          )
        }
      </WhenLoaded>
    </section>
  );
}
