// One person: open alerts first, risks with their intervals and trend, then all films; made for a phone on a ward round.
import { useEffect } from 'preact/hooks';
import type { WorklistRow } from '#client/client.ts';
import { v1 } from '#web/pages/shell/api.ts';
import { useLoaded, WhenLoaded } from '#web/pages/shell/loaded.tsx';
import { nameOf, personOf, studyAddress } from '#web/pages/shell/person.ts';
import { PlaceTag } from '#web/pages/shell/place-tag.tsx';
import { may } from '#web/pages/shell/session.ts';
import { follow } from '#web/pages/shell/router.ts';
import { Thumb } from '#web/pages/shell/thumb.tsx';
import { both, percent, say, time } from '#web/pages/shell/words.ts';
import { AlertCard } from '#web/pages/study/alert-card.tsx';
import { ObservationChart } from './observation-chart.tsx';
import { RiskCard } from './risk-card.tsx';

const MOST_FILMS = 200;

const Film = ({ row }: { readonly row: WorklistRow }) => (
  <a class="film-card" href={studyAddress(row.studyUid)} data-study-uid={row.studyUid} onClick={follow}>
    {row.film !== null && <Thumb key={row.film} uid={row.film} size={160} />}
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

function Risks({ code }: { readonly code: string }) {
  const risks = useLoaded(() => v1.getRiskSeries(encodeURIComponent(code)), code);
  const kept = useLoaded(() => v1.getKeptAssessments(encodeURIComponent(code), {}), code);
  return (
    <section aria-label={say('patient.risks')}>
      <h2>{say('patient.risks')}</h2>
      <WhenLoaded of={risks}>
        {({ series }) =>
          series.length === 0 ? (
            <p class="quiet">{say('patient.no-risk')}</p>
          ) : (
            <div class="risks">
              {series.map((one) => (
                <RiskCard
                  key={one.equationId}
                  series={one}
                  kept={kept.value.value?.assessments.find(({ result }) => result.equationId === one.equationId)}
                />
              ))}
            </div>
          )
        }
      </WhenLoaded>
    </section>
  );
}

export function PatientPage({ name: code }: { readonly name: string }) {
  const films = useLoaded(() => v1.getWorklistRows({ state: 'all', patientId: code, limit: String(MOST_FILMS) }), code);
  const alerts = useLoaded(() => v1.listAlerts({ patientCode: code, limit: '50' }), code);
  const reasons = useLoaded(() => v1.listOverrideReasons());
  const observed = useLoaded(
    () => v1.getKeptAssessments(encodeURIComponent(code), { equation: 'news2', limit: '8' }),
    code,
  );
  const [first] = films.value.value?.items ?? [];
  useEffect(() => {
    document.title = `${first ? nameOf(first) : code} – Hải Đăng`;
  }, [first]);
  return (
    <main class="page patient" data-patient={code}>
      <h1>
        {first ? nameOf(first) : code} <span class="quiet small">{first ? personOf(first) : ''}</span>{' '}
        <button type="button" class="no-print" onClick={() => print()}>
          {say('patient.print')}
        </button>
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
      <Risks code={code} />
      {(observed.fault.value !== undefined || (observed.value.value?.assessments.length ?? 0) > 0) && (
        <section aria-label={say('patient.vitals')}>
          <h2>{say('patient.vitals')}</h2>
          <WhenLoaded of={observed}>{({ assessments }) => <ObservationChart kept={assessments} />}</WhenLoaded>
        </section>
      )}
      <section aria-label={say('patient.films')}>
        <h2>{say('patient.films')}</h2>
        <WhenLoaded of={films}>
          {({ items, total }) =>
            items.length === 0 ? (
              <p class="quiet" data-total={total}>
                {say('patient.no-film')}
              </p>
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
      <p class="no-print small actions">
        <a href={`/fhir/Patient/${encodeURIComponent(code)}/$everything`} download={`${code}.fhir.json`}>
          {say('export.person-fhir')}
        </a>
        <a href={`/v1/worklist.csv?state=all&patientId=${encodeURIComponent(code)}`} download={`${code}.csv`}>
          {say('export.person-csv')}
        </a>
      </p>
      {may('emergency:open') && (
        <p class="no-print small">
          <a href={`/emergency?patient=${encodeURIComponent(code)}`} onClick={follow}>
            {say('emergency.link')}
          </a>
        </p>
      )}
    </main>
  );
}
