// Turnaround times of studies by urgency: arrival, reading, first look of a person, end.
import { v1 } from '#web/pages/shell/api.ts';
import { useLoaded, WhenLoaded } from '#web/pages/shell/loaded.tsx';
import { PlaceTag } from '#web/pages/shell/place-tag.tsx';
import { HeadRow } from '#web/pages/shell/head-row.tsx';
import { Scrolled } from '#web/pages/shell/scrolled.tsx';
import { say, span } from '#web/pages/shell/words.ts';

export function TurnaroundSection() {
  const loaded = useLoaded(() => v1.getTurnaround({ days: '30' }));
  return (
    <section id="turnaround" aria-label={say('admin.turnaround')}>
      <h2>{say('admin.turnaround')}</h2>
      <WhenLoaded of={loaded}>
        {({ rows, studies, most }) =>
          rows.length === 0 ? (
            <p class="quiet">{say('admin.no-study')}</p>
          ) : (
            <>
              <p class="small quiet">
                {say('turnaround.help', { n: studies })} {studies === most && say('turnaround.most', { n: most })}
              </p>
              <Scrolled label={say('admin.turnaround')}>
                <table class="plain-table figures">
                  <HeadRow
                    titles={[
                      say('place'),
                      say('turnaround.leg'),
                      say('turnaround.ended'),
                      say('response.median'),
                      say('response.p90'),
                      say('turnaround.p95'),
                    ]}
                  />
                  <tbody>
                    {rows.flatMap(({ priority, legs }) =>
                      legs.map(({ leg, begun, ended, medianMinutes, p90Minutes, p95Minutes }, place) => (
                        <tr key={priority + leg} data-urgency={priority} data-leg={leg}>
                          {place === 0 && (
                            <td rowSpan={legs.length}>
                              <PlaceTag place={priority} />
                            </td>
                          )}
                          <td>{say(`leg.${leg}`)}</td>
                          <td class="number">{say('turnaround.of', { ended, begun })}</td>
                          <td class="number">{span(medianMinutes)}</td>
                          <td class="number">{span(p90Minutes)}</td>
                          <td class="number">{span(p95Minutes)}</td>
                        </tr>
                      )),
                    )}
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
