// The observation chart of the ward: vital signs over time, each with the points that NEWS2 gives it, as the paper chart has them.
import type { EquationResult } from '#client/client.ts';
import { both, number, say, time } from '#web/pages/shell/words.ts';
import type { Kept } from './risk-card.tsx';
import { unitText } from './unit-text.ts';

const MOST_COLUMNS = 8;
/** Colours of the chart stand for points 0 to 3; what is missing has none. */
const MOST_POINTS = 3;

const cellText = ({ value, state }: EquationResult['inputs'][number]): string => {
  if (value === null) return say(`input-state.${state}`);
  if (typeof value === 'boolean') return say(value ? 'vitals.yes' : 'vitals.no');
  return typeof value === 'number' ? number(value, 1) : value;
};

/** Points of one input: the score is a sum, so its exact contribution from a healthy reference is the sign's own points. */
function pointsOf({ explanation }: EquationResult, input: string): number | undefined {
  if (explanation === null) return undefined;
  const found = explanation.contributions.find(({ inputs }) => inputs.includes(input));
  return found === undefined ? 0 : Math.round(found.contribution);
}

export function ObservationChart({ kept }: { readonly kept: readonly Kept[] }) {
  const columns = kept.slice(0, MOST_COLUMNS).toReversed();
  const latest = columns.at(-1);
  if (latest === undefined) return null;
  return (
    <div class="scroll-x" tabIndex={0} role="group" aria-label={say('patient.vitals')}>
      <table class="plain-table observations" data-observations={columns.length}>
        <thead>
          <tr>
            <th>{say('vitals.parameter')}</th>
            {columns.map(({ assessedAt }) => (
              <th key={assessedAt} class="number">
                {time(assessedAt)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {latest.result.inputs.map(({ name, title, unit }) => (
            <tr key={name}>
              <th scope="row">
                {both(title)} <span class="quiet small">{unitText(unit)}</span>
              </th>
              {columns.map(({ assessedAt, result }) => {
                const input = result.inputs.find((each) => each.name === name);
                const points = pointsOf(result, name);
                return (
                  <td
                    key={assessedAt}
                    class={`number points-${points === undefined ? 'none' : Math.min(points, MOST_POINTS)}`}
                  >
                    {input && cellText(input)} {points !== undefined && points > 0 && <strong>({points})</strong>}
                  </td>
                );
              })}
            </tr>
          ))}
          <tr class="total">
            <th scope="row">{say('vitals.total')}</th>
            {columns.map(({ assessedAt, result }) => {
              const headline = result.outputs.find(({ name }) => name === result.headline);
              return (
                <td key={assessedAt} class="number">
                  <strong>{headline && both(headline.text)}</strong>
                  {headline?.categories.map(({ code, title }) => (
                    <div key={code} class="small">
                      {both(title)}
                    </div>
                  ))}
                </td>
              );
            })}
          </tr>
        </tbody>
      </table>
      <p class="quiet small">{say('vitals.help')}</p>
    </div>
  );
}
