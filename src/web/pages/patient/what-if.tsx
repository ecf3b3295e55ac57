// Sliders for the inputs that a person can change; every number comes from the service, which runs the same equation.
import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { EquationResult } from '#client/client.ts';
import { faultText, v1 } from '#web/pages/shell/api.ts';
import { both, number, say } from '#web/pages/shell/words.ts';
import { unitText } from './unit-text.ts';

type Equation = Awaited<ReturnType<typeof v1.listEquations>>['data']['equations'][number];
type Input = Equation['inputs'][number];
type Value = string | number | boolean;

const TYPING_MS = 150;

let list: Promise<readonly Equation[]> | undefined;

/** Asked once for all cards. */
function equations(): Promise<readonly Equation[]> {
  list ??= v1.listEquations().then(({ data }) => data.equations);
  list.catch(() => (list = undefined));
  return list;
}

const ownValues = ({ inputs }: EquationResult): Readonly<Record<string, Value>> =>
  Object.fromEntries(
    inputs.flatMap(({ name, value, state }) => (state === 'given' && value !== null ? [[name, value]] : [])),
  );

function openWhatIf(result: EquationResult) {
  const changed = signal<Readonly<Record<string, Value>>>({});
  const answer = signal<EquationResult['whatIf'][number] | undefined>(undefined);
  const fault = signal<string | undefined>(undefined);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;
  async function ask(): Promise<void> {
    const mine = ++asked;
    try {
      const { data } = await v1.assessRisk({
        equations: [result.equationId],
        inputs: ownValues(result),
        explain: false,
        whatIf: [changed.value],
      });
      // An answer to an older question is not shown.
      if (mine !== asked) return;
      const [one] = data.results;
      answer.value = one?.whatIf.at(-1);
      fault.value = answer.value === undefined ? one?.reasons.map(({ text }) => both(text)).join(' ') : undefined;
    } catch (thrown) {
      if (mine === asked) fault.value = faultText(thrown);
    }
  }
  return {
    changed,
    answer,
    fault,
    change(name: string, value: Value) {
      changed.value = { ...changed.value, [name]: value };
      clearTimeout(timer);
      timer = setTimeout(() => void ask(), TYPING_MS);
    },
    reset() {
      clearTimeout(timer);
      asked += 1;
      changed.value = {};
      answer.value = undefined;
      fault.value = undefined;
    },
  };
}

const SLIDER_STEPS = 100;

/** A whole step that people can read: 1, 0.1, 5 … of the unit. */
function stepOf(minimum: number, maximum: number): number {
  const rough = (maximum - minimum) / SLIDER_STEPS;
  return 10 ** Math.floor(Math.log10(rough)) * (rough / 10 ** Math.floor(Math.log10(rough)) >= 5 ? 5 : 1);
}

interface KnobProps {
  readonly input: Input;
  readonly own: Value;
  readonly value: Value;
  change(value: Value): void;
}

function Knob({ input, own, value, change }: KnobProps) {
  const { title, unit, range, levels, kind } = input;
  const label = both(title);
  if (kind === 'boolean')
    return (
      <label class="knob">
        <span>{label}</span>
        <input type="checkbox" checked={value === true} onChange={() => change(value !== true)} />
      </label>
    );
  if (levels !== null)
    return (
      <label class="knob">
        <span>{label}</span>
        <select value={String(value)} onChange={(event) => change(event.currentTarget.value)}>
          {levels.map((level) => (
            <option key={level.code} value={level.code}>
              {both(level.title)}
            </option>
          ))}
        </select>
      </label>
    );
  const [minimum, maximum] = [range?.minimum ?? range?.above ?? 0, range?.maximum ?? range?.below ?? Number(own) * 2];
  return (
    <label class="knob">
      <span>
        {label} <strong class="number">{number(Number(value), 1)}</strong> {unitText(unit)}{' '}
        <span class="quiet">{say('risk.what-if-now', { value: number(Number(own), 1) })}</span>
      </span>
      <input
        type="range"
        min={minimum}
        max={maximum}
        step={stepOf(minimum, maximum)}
        value={Number(value)}
        onInput={(event) => change(Number(event.currentTarget.value))}
      />
    </label>
  );
}

export function WhatIfPanel({ result }: { readonly result: EquationResult }) {
  const state = useMemo(() => openWhatIf(result), [result.id]);
  const found = useMemo(() => signal<Equation | undefined>(undefined), [result.id]);
  useEffect(() => {
    equations().then(
      (all) => (found.value = all.find(({ id }) => id === result.equationId)),
      (thrown: unknown) => (state.fault.value = faultText(thrown)),
    );
  }, [found]);
  const own = ownValues(result);
  const inputs = found.value?.inputs.filter(({ name, modifiable }) => modifiable && own[name] !== undefined) ?? [];
  if (found.value !== undefined && inputs.length === 0) return <p class="quiet small">{say('risk.what-if-none')}</p>;
  const { changed, answer, fault } = state;
  return (
    <div class="what-if" data-what-if={result.equationId}>
      {inputs.map((input) => (
        <Knob
          key={input.name}
          input={input}
          own={own[input.name] ?? 0}
          value={changed.value[input.name] ?? own[input.name] ?? 0}
          change={(value) => state.change(input.name, value)}
        />
      ))}
      <p aria-live="polite" class="what-if-answer">
        {answer.value && both(answer.value.text)}
      </p>
      {fault.value !== undefined && (
        <p class="fault" role="alert">
          {fault.value}
        </p>
      )}
      <p class="quiet small">{say('risk.what-if-help')}</p>
      {Object.keys(changed.value).length > 0 && (
        <button type="button" onClick={state.reset}>
          {say('risk.what-if-reset')}
        </button>
      )}
    </div>
  );
}
