// The effect of the order of reading: a simulated room of the reader's own numbers, and this one's by its time stamps.
import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { v1 } from '#web/pages/shell/api.ts';
import { useLoaded, WhenLoaded } from '#web/pages/shell/loaded.tsx';
import { PlaceTag } from '#web/pages/shell/place-tag.tsx';
import { HeadRow } from '#web/pages/shell/head-row.tsx';
import { number, percent, say } from '#web/pages/shell/words.ts';

const FIELDS = [
  ['arrivalsPerHour', 0.1, 500, 0.1],
  ['prevalence', 0, 1, 0.001],
  ['sensitivity', 0, 1, 0.01],
  ['specificity', 0, 1, 0.01],
  ['readers', 1, 50, 1],
  ['minutesPerFilm', 0.1, 240, 0.1],
] as const;

type Field = (typeof FIELDS)[number][0];

/** A room of a district hospital; the model's figures are to be replaced by those of its card. */
const FIRST: Readonly<Record<Field, string>> = {
  arrivalsPerHour: '12',
  prevalence: '0.05',
  sensitivity: '0.9',
  specificity: '0.85',
  readers: '2',
  minutesPerFilm: '8',
};

const numbersOf = (room: Readonly<Record<Field, string>>) => ({
  arrivalsPerHour: Number(room.arrivalsPerHour),
  prevalence: Number(room.prevalence),
  sensitivity: Number(room.sensitivity),
  specificity: Number(room.specificity),
  readers: Number(room.readers),
  minutesPerFilm: Number(room.minutesPerFilm),
});

interface Interval {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

const Between = ({ of: { value, lower, upper } }: { readonly of: Interval }) => (
  <>
    <strong>{number(value, 1)}</strong>{' '}
    <span class="quiet small">
      ({number(lower, 1)} – {number(upper, 1)})
    </span>
  </>
);

const Simulated = ({ room }: { readonly room: Readonly<Record<Field, string>> }) => {
  const effect = useLoaded(() => v1.simulateTriage(numbersOf(room)), JSON.stringify(room));
  return (
    <WhenLoaded of={effect}>
      {({ utilisation, runs, films, groups, expected }) => (
        <>
          <p>{say('triage.load', { share: percent(utilisation), runs, films: number(films) })}</p>
          <div class="scroll-x" tabIndex={0} role="group" aria-label={say('triage.simulated')}>
            <table class="plain-table">
              <HeadRow
                titles={[
                  say('triage.group'),
                  say('triage.by-arrival'),
                  say('triage.by-urgency'),
                  say('triage.difference'),
                ]}
              />
              <tbody>
                {groups.map(({ group, arrival, urgency, difference, arrivalP90, urgencyP90 }) => (
                  <tr key={group} data-group={group}>
                    <th scope="row">{say(`triage-group.${group}`)}</th>
                    <td class="number">
                      <Between of={arrival} />
                      <div class="quiet small">{say('triage.nine', { n: number(arrivalP90.value, 0) })}</div>
                    </td>
                    <td class="number">
                      <Between of={urgency} />
                      <div class="quiet small">{say('triage.nine', { n: number(urgencyP90.value, 0) })}</div>
                    </td>
                    <td class="number">
                      <Between of={difference} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {expected && (
            <p class="quiet small">
              {say('triage.formula', {
                arrival: number(expected.arrival, 1),
                grave: number(expected.grave, 1),
                others: number(expected.others, 1),
              })}
            </p>
          )}
        </>
      )}
    </WhenLoaded>
  );
};

function Measured() {
  const measured = useLoaded(() => v1.measureTriage());
  return (
    <WhenLoaded of={measured}>
      {({ studies, groups }) => (
        <>
          <p data-total={studies}>{say('triage.n', { n: studies })}</p>
          {groups.length === 0 ? (
            <p class="quiet">{say('triage.too-few')}</p>
          ) : (
            <div class="scroll-x" tabIndex={0} role="group" aria-label={say('triage.measured')}>
              <table class="plain-table">
                <HeadRow
                  titles={[say('place'), say('triage.waited'), say('triage.by-arrival'), say('triage.difference')]}
                />
                <tbody>
                  {groups.map(({ priority, studies: n, waited, byArrival, difference }) => (
                    <tr key={priority}>
                      <th scope="row">
                        <PlaceTag place={priority} /> <span class="quiet small">{say('triage.n', { n })}</span>
                      </th>
                      {[waited, byArrival, difference].map((one, at) => (
                        <td key={at} class="number">
                          <Between of={one} />
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </>
      )}
    </WhenLoaded>
  );
}

export function TriagePage() {
  const written = useMemo(() => signal(FIRST), []);
  const asked = useMemo(() => signal(FIRST), []);
  useEffect(() => {
    document.title = `${say('page.triage')} – Hải Đăng`;
  }, []);
  return (
    <main class="page">
      <h1>{say('page.triage')}</h1>
      <p>{say('triage.intro')}</p>
      <section aria-label={say('triage.simulated')}>
        <h2>{say('triage.simulated')}</h2>
        <form
          class="fields"
          onSubmit={(event) => {
            event.preventDefault();
            asked.value = written.value;
          }}
        >
          {FIELDS.map(([name, minimum, maximum, step]) => (
            <label key={name}>
              {say(`triage.${name}`)}
              <input
                type="number"
                name={name}
                required
                min={minimum}
                max={maximum}
                step={step}
                value={written.value[name]}
                onInput={(event) => (written.value = { ...written.value, [name]: event.currentTarget.value })}
              />
            </label>
          ))}
          <button type="submit" class="main">
            {say('triage.run')}
          </button>
        </form>
        <Simulated room={asked.value} />
      </section>
      <section aria-label={say('triage.measured')}>
        <h2>{say('triage.measured')}</h2>
        <p class="quiet small">{say('triage.measured-help')}</p>
        <Measured />
      </section>
    </main>
  );
}
