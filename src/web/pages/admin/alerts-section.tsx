// Outcomes of alerts per rule, and their response times.
import { ResponseSection } from '#web/pages/alerts/response-figures.tsx';
import { v1 } from '#web/pages/shell/api.ts';
import { useLoaded, WhenLoaded } from '#web/pages/shell/loaded.tsx';
import { HeadRow } from '#web/pages/shell/head-row.tsx';
import { Scrolled } from '#web/pages/shell/scrolled.tsx';
import { both, number, percent, say } from '#web/pages/shell/words.ts';

export function AlertFigures() {
  const figures = useLoaded(() => v1.getAlertFigures({ days: '30' }));
  return (
    <section id="figures" aria-label={say('admin.figures')}>
      <h2>{say('admin.figures')}</h2>
      <WhenLoaded of={figures}>
        {(list) =>
          list.length === 0 ? (
            <p class="quiet">{say('admin.no-figure')}</p>
          ) : (
            <Scrolled label={say('admin.figures')}>
              <table class="plain-table">
                <HeadRow
                  titles={[
                    say('admin.rule'),
                    say('admin.told'),
                    say('admin.suppressed'),
                    say('admin.accepted'),
                    say('admin.minutes'),
                  ]}
                />
                <tbody>
                  {list.map(({ rule, title, modelVersion, told, suppressed, accepted, medianMinutesToAnswer }) => (
                    <tr key={rule + modelVersion}>
                      <td>
                        {both(title)}
                        <div class="quiet small">
                          {rule} · {modelVersion}
                        </div>
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
            </Scrolled>
          )
        }
      </WhenLoaded>
      <ResponseSection />
      <p class="small">
        <a href="/v1/alert-feedback.csv" download>
          {say('admin.feedback')}
        </a>
      </p>
    </section>
  );
}
