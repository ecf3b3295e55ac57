// One person: open alerts first, risks with their intervals and trend, then all films; made for a phone on a ward round.
import { useEffect } from 'preact/hooks';
import type { WorklistRow } from '#client/client.ts';
import { v1 } from '#web/pages/shell/api.ts';
import { useLoaded, WhenLoaded } from '#web/pages/shell/loaded.tsx';
import { filmAddress, nameOf, personOf, studyAddress } from '#web/pages/shell/person.ts';
import { PlaceTag } from '#web/pages/shell/place-tag.tsx';
import { follow } from '#web/pages/shell/router.ts';
import { both, number, percent, say, time } from '#web/pages/shell/words.ts';
import { AlertCard } from '#web/pages/study/alert-card.tsx';
import { Trend } from './trend.tsx';

const MOST_FILMS = 200;

const Film = ({ row }: { readonly row: WorklistRow }) => (
  <a class="film-card" href={studyAddress(row.studyUid)} data-study-uid={row.studyUid} onClick={follow}>
    {row.film !== null && <img src={filmAddress(row.film, 160)} alt="" width="72" height="72" loading="lazy" />}
    <div>
      <div class="number">{time(row.studyTime ?? row.receivedAt)}</div>
      {row.outcome === 'assessed' ? (
        <>
          <PlaceTag place={row.place} />
          <div class="small">
            {row.findings
              .map(
                ({ title, probability }) => `${both(title)}${probability === null ? '' : ` ${percent(probability)}`}`,
              )
              .join(', ') || say('nothing-positive')}
          </div>
        </>
      ) : (
        <div class="unread">
          {row.outcome === null ? say('waiting') : `? ${say(`outcome.${row.outcome}`)}`}{' '}
          {row.reasons.map(({ text }) => both(text)).join(' ')}
        </div>
      )}
      {row.closedAt !== null && <span class="tag">✓ {say('closed')}</span>}
    </div>
  </a>
);

type Series = Awaited<ReturnType<typeof v1.getRiskSeries>>['data']['series'][number];

function Risk({ title, points, trend }: Series) {
  const latest = points.toSorted((a, b) => b.assessedAt.localeCompare(a.assessedAt))[0];
  if (latest === undefined) return null;
  return (
    <div class="risk">
      <h3>{both(title)}</h3>
      <p>{both(latest.text)}</p>
      {latest.interval && (
        <p class="small">
          {say('risk.interval', {
            lower: number(latest.interval.lower, 1),
            upper: number(latest.interval.upper, 1),
            unit: latest.unit,
          })}
        </p>
      )}
      {trend && <p class="small">{both(trend.text)}</p>}
      <Trend
        label={both(title)}
        points={points.map(({ assessedAt, value, interval }) => ({ at: assessedAt, value, interval }))}
      />
      <p class="quiet small">
        {say('risk.assessed', { time: time(latest.assessedAt), version: latest.equationVersion })}
      </p>
    </div>
  );
}

export function PatientPage({ name: code }: { readonly name: string }) {
  const films = useLoaded(() => v1.getWorklistRows({ state: 'all', patientId: code, limit: String(MOST_FILMS) }), code);
  const alerts = useLoaded(() => v1.listAlerts({ patientCode: code, limit: '50' }), code);
  const reasons = useLoaded(() => v1.listOverrideReasons());
  const risks = useLoaded(() => v1.getRiskSeries(encodeURIComponent(code)), code);
  const [first] = films.value.value?.items ?? [];
  useEffect(() => {
    document.title = `${first ? nameOf(first) : code} – Hải Đăng`;
  }, [first]);
  return (
    <main class="page patient" data-patient={code}>
      <h1>
        {first ? nameOf(first) : code} <span class="quiet small">{first ? personOf(first) : ''}</span>
      </h1>
      <section aria-label={say('page.alerts')}>
        <h2>{say('page.alerts')}</h2>
        <WhenLoaded of={alerts}>
          {(list) =>
            list.length === 0 ? (
              <p class="quiet">{say('patient.no-alert')}</p>
            ) : (
              list.map((alert) => (
                <AlertCard key={alert.id} alert={alert} reasons={reasons.value.value ?? []} refresh={alerts.load} />
              ))
            )
          }
        </WhenLoaded>
      </section>
      <section aria-label={say('patient.risks')}>
        <h2>{say('patient.risks')}</h2>
        <WhenLoaded of={risks}>
          {({ series }) =>
            series.length === 0 ? (
              <p class="quiet">{say('patient.no-risk')}</p>
            ) : (
              <div class="risks">
                {series.map((one) => (
                  <Risk key={one.equationId} {...one} />
                ))}
              </div>
            )
          }
        </WhenLoaded>
      </section>
      <section aria-label={say('patient.films')}>
        <h2>{say('patient.films')}</h2>
        <WhenLoaded of={films}>
          {({ items, total }) =>
            items.length === 0 ? (
              <p class="quiet">{say('patient.no-film')}</p>
            ) : (
              <div class="films" data-total={total}>
                {items
                  .toSorted((a, b) => (b.studyTime ?? b.receivedAt).localeCompare(a.studyTime ?? a.receivedAt))
                  .map((row) => (
                    <Film key={row.studyUid} row={row} />
                  ))}
              </div>
            )
          }
        </WhenLoaded>
      </section>
    </main>
  );
}
