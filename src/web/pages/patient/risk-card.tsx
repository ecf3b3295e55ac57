// One risk of one person: the number as it was told, what is missing, where it is going, and behind one tap its reasons and what could change it.
import { signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { EquationResult } from '#client/client.ts';
import type { v1 } from '#web/pages/shell/api.ts';
import { both, number, say, time } from '#web/pages/shell/words.ts';
import { Trend } from './trend.tsx';
import { unitText } from './unit-text.ts';
import { Waterfall } from './waterfall.tsx';
import { WhatIfPanel } from './what-if.tsx';

export type Series = Awaited<ReturnType<typeof v1.getRiskSeries>>['data']['series'][number];
export type Kept = Awaited<ReturnType<typeof v1.getKeptAssessments>>['data']['assessments'][number];

const valueText = ({ value, bounds, unit, state }: EquationResult['inputs'][number]): string => {
  if (bounds !== null) return `${number(bounds.low, 1)} – ${number(bounds.high, 1)} ${unitText(unit)}`;
  if (value === null) return say(`input-state.${state}`);
  if (value === 'male' || value === 'female') return say(value === 'male' ? 'sex.M' : 'sex.F');
  if (typeof value === 'boolean') return say(value ? 'vitals.yes' : 'vitals.no');
  return `${typeof value === 'number' ? number(value, 1) : value} ${unitText(unit)}`;
};

const Inputs = ({ result }: { readonly result: EquationResult }) => (
  <dl class="facts">
    {result.inputs.map((input) => (
      <div key={input.name}>
        <dt>{both(input.title)}</dt>
        <dd class={input.state === 'given' ? '' : 'unread'}>
          {valueText(input)}
          {input.origin !== null && 'time' in input.origin && input.origin.time && (
            <span class="quiet"> · {time(input.origin.time)}</span>
          )}
        </dd>
      </div>
    ))}
  </dl>
);

const Limits = ({ result }: { readonly result: EquationResult }) => (
  <div class="small">
    <p>
      <strong>{say('risk.fit')}:</strong> {both(result.vietNam.text)}
    </p>
    <ul>
      {[...result.assumptions, ...result.limits].map((each) => (
        <li key={each.en}>{both(each)}</li>
      ))}
    </ul>
    <p class="quiet">
      {result.citation} {result.licenceDuty && both(result.licenceDuty)}
    </p>
  </div>
);

const levelOf = ({ outputs, headline }: EquationResult): string =>
  outputs.find(({ name }) => name === headline)?.categories.at(-1)?.level ?? '';

function Missing({ result }: { readonly result: EquationResult }) {
  const missing = result.inputs.filter(({ state }) => state !== 'given' && state !== 'bounds');
  if (missing.length === 0) return null;
  const { settledBy } = result;
  return (
    <p class="small unread">
      {say('risk.missing', { names: missing.map(({ title }) => both(title)).join(', ') })}.{' '}
      {settledBy && say(settledBy.settles ? 'risk.settled' : 'risk.narrows', { input: both(settledBy.title) })}
    </p>
  );
}

export function RiskCard({ series, kept }: { readonly series: Series; readonly kept: Kept | undefined }) {
  const isOpen = useMemo(() => signal(false), [series.equationId]);
  const latest = series.points.at(-1);
  if (latest === undefined) return null;
  const headline = kept?.result.outputs.find(({ name }) => name === kept.result.headline);
  return (
    <div class={`risk level-${kept ? levelOf(kept.result) : ''}`} data-equation={series.equationId}>
      <h3>{both(series.title)}</h3>
      <p class="risk-value">
        <strong class="number">{both(latest.text)}</strong>{' '}
        {headline?.categories.map(({ code, title }) => (
          <span key={code} class="tag">
            {both(title)}
          </span>
        ))}
      </p>
      {latest.interval && <p class="small">{say('risk.interval')}</p>}
      {kept && latest.value === null && <Missing result={kept.result} />}
      {series.trend && <p class="small">{both(series.trend.text)}</p>}
      <Trend
        label={both(series.title)}
        points={series.points.map(({ assessedAt, value, interval }) => ({ at: assessedAt, value, interval }))}
      />
      {kept && (
        <details onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
          <summary>{say('risk.more')}</summary>
          {isOpen.value && (
            <>
              <h4>{say('risk.reasons')}</h4>
              <Waterfall result={kept.result} />
              <div class="no-print">
                <h4>{say('risk.what-if')}</h4>
                <WhatIfPanel result={kept.result} />
              </div>
              <h4>{say('risk.inputs')}</h4>
              <Inputs result={kept.result} />
              <h4>{say('risk.limits')}</h4>
              <Limits result={kept.result} />
            </>
          )}
        </details>
      )}
      <p class="quiet small">
        {say('risk.assessed', { time: time(latest.assessedAt), version: latest.equationVersion })}
      </p>
    </div>
  );
}
