// From the reference person to this one, input by input: the contributions are exact and add up, so the last bar ends at the person's value.
import type { EquationResult } from '#client/client.ts';
import { both, number, say } from '#web/pages/shell/words.ts';

interface Step {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly kind: 'level' | 'raises' | 'lowers';
  readonly text: string;
  /** The whole sentence. */
  readonly title?: string;
}

/** The largest first; what changes nothing is left out. */
function stepsOf(explanation: NonNullable<EquationResult['explanation']>, value: number, text: string): Step[] {
  const steps: Step[] = [
    {
      label: say('risk.reference'),
      from: 0,
      to: explanation.referenceValue,
      kind: 'level',
      text: number(explanation.referenceValue, 1),
    },
  ];
  let at = explanation.referenceValue;
  for (const each of explanation.contributions.toSorted(
    (a, b) => Math.abs(b.contribution) - Math.abs(a.contribution),
  )) {
    if (each.contribution === 0) continue;
    const to = at + each.contribution;
    steps.push({
      label: both(each.title),
      from: at,
      to,
      kind: each.contribution > 0 ? 'raises' : 'lowers',
      text: `${each.contribution > 0 ? '+' : '−'}${number(Math.abs(each.contribution), 1)}`,
      title: both(each.text),
    });
    at = to;
  }
  return [...steps, { label: say('risk.this-person'), from: 0, to: value, kind: 'level', text }];
}

export function Waterfall({ result }: { readonly result: EquationResult }) {
  const { explanation, outputs } = result;
  const headline = outputs.find(({ name }) => name === explanation?.output);
  if (explanation === null || headline === undefined || headline.value === null)
    return <p class="quiet small">{say('risk.no-reasons')}</p>;
  const steps = stepsOf(explanation, headline.value, both(headline.text));
  const ends = steps.flatMap(({ from, to }) => [from, to]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const share = (value: number): number => ((value - low) / (high - low || 1)) * 100;
  return (
    <ol class="waterfall" aria-label={say('risk.reasons')}>
      {steps.map(({ label, from, to, kind, text, title }) => (
        <li key={label} data-step={kind} title={title}>
          <span>{label}</span>
          <span class="number">{text}</span>
          <span class="waterfall-bar" aria-hidden="true">
            <i
              class={kind}
              style={{
                left: `${share(Math.min(from, to))}%`,
                width: `${Math.max(0.8, share(Math.max(from, to)) - share(Math.min(from, to)))}%`,
              }}
            />
          </span>
        </li>
      ))}
    </ol>
  );
}
