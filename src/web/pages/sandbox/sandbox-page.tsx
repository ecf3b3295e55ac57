// The sandbox for HIS IT and training: an editable mock chart, asked at the real doors of this service; the request, the answer, and the card
// as a physician sees it.
import { type Signal, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { faultText, send } from '#web/pages/shell/api.ts';
import { nowMs } from '#web/pages/shell/browser.ts';
import { copyText } from '#web/pages/shell/notices.tsx';
import { language, number, say } from '#web/pages/shell/words.ts';
import {
  curlOf,
  FIRST_CHART,
  MOCK_DOORS,
  MOCK_VALUES,
  type MockChart,
  type MockDoor,
  mockRequest,
  type MockRequest,
  type MockValue,
  seenCards,
} from '#web/mock-chart.ts';

interface Asked {
  readonly door: MockDoor;
  readonly request: MockRequest;
  readonly status: number;
  readonly ms: number;
  readonly answer: unknown;
}

const isValue = (name: string): name is MockValue => name in MOCK_VALUES;
const VALUES = Object.keys(MOCK_VALUES).filter(isValue);

const TEXTS = ['code', 'name', 'birthDate', 'diagnoses', 'drug'] as const;

function Chart({ chart }: { readonly chart: Signal<MockChart> }) {
  const { value } = chart;
  const set = (parts: Partial<MockChart>): void => {
    chart.value = { ...value, ...parts };
  };
  return (
    <>
      {TEXTS.map((name) => (
        <label key={name}>
          {say(`sandbox.${name}`)}
          <input
            name={name}
            required={name === 'code'}
            maxLength={100}
            {...(name === 'birthDate' && { type: 'date' })}
            value={value[name]}
            onInput={(event) => set({ [name]: event.currentTarget.value })}
          />
        </label>
      ))}
      <label>
        {say('sandbox.sex')}
        <select
          name="sex"
          value={value.sex}
          onChange={(event) => set({ sex: event.currentTarget.value === 'male' ? 'male' : 'female' })}
        >
          <option value="male">{say('sex.M')}</option>
          <option value="female">{say('sex.F')}</option>
        </select>
      </label>
      {VALUES.map((name) => (
        <label key={name}>
          {say(`sandbox-value.${name}`)}
          <input
            name={name}
            inputMode="decimal"
            maxLength={20}
            value={value.values[name]}
            onInput={(event) => set({ values: { ...value.values, [name]: event.currentTarget.value } })}
          />
        </label>
      ))}
      <label>
        {say('sandbox.smokes')}
        <input type="checkbox" name="smokes" checked={value.smokes} onChange={() => set({ smokes: !value.smokes })} />
      </label>
    </>
  );
}

function Seen({ asked }: { readonly asked: Asked }) {
  const cards = seenCards(asked.door, asked.answer);
  if (asked.status >= 400)
    return (
      <p class="fault" role="alert">
        {say('sandbox.refused')}
      </p>
    );
  if (cards.length === 0) return <p class="quiet">{say('sandbox.nothing')}</p>;
  return (
    <>
      {cards.map(({ severity, title, detail, links }, at) => (
        <div key={at} class={`alert-card ${severity}`} data-card={severity}>
          <h3>{title}</h3>
          {detail !== '' && <p class="small detail">{detail}</p>}
          {links.map((label) => (
            <span key={label} class="tag">
              {label}
            </span>
          ))}
        </div>
      ))}
    </>
  );
}

/** What was asked and answered, first as a physician sees it. */
function Exchange({ asked }: { readonly asked: Asked }) {
  return (
    <>
      <section aria-label={say('sandbox.seen')} data-asked={asked.door} data-status={asked.status}>
        <h2>{say('sandbox.seen')}</h2>
        <Seen asked={asked} />
      </section>
      <section aria-label={say('sandbox.request')}>
        <h2>{say('sandbox.request')}</h2>
        <p>
          <code>POST {asked.request.path}</code>{' '}
          <button type="button" onClick={() => copyText(curlOf(asked.request, location.origin))}>
            {say('sandbox.curl')}
          </button>
        </p>
        <details>
          <summary>{say('details')}</summary>
          <pre class="report">{JSON.stringify(asked.request.body, null, 2)}</pre>
        </details>
        <h2>{say('sandbox.answer', { status: asked.status, ms: number(asked.ms) })}</h2>
        <details>
          <summary>{say('details')}</summary>
          <pre class="report">{JSON.stringify(asked.answer, null, 2)}</pre>
        </details>
      </section>
    </>
  );
}

export function SandboxPage() {
  const chart = useMemo(() => signal(FIRST_CHART), []);
  const door = useMemo(() => signal<MockDoor>('cds-hooks'), []);
  const asked = useMemo(() => signal<Asked | undefined>(undefined), []);
  const fault = useMemo(() => signal<string | undefined>(undefined), []);
  useEffect(() => {
    document.title = `${say('page.sandbox')} – Hải Đăng`;
  }, []);
  async function ask(): Promise<void> {
    const request = mockRequest(chart.value, door.value, new Date(nowMs()).toISOString());
    const began = performance.now();
    fault.value = undefined;
    try {
      const { status, answer } = await send(request.path, request.body, language.value);
      asked.value = { door: door.value, request, status, answer, ms: performance.now() - began };
    } catch (thrown) {
      fault.value = faultText(thrown);
    }
  }
  return (
    <main class="page sandbox">
      <h1>{say('page.sandbox')}</h1>
      <p class="caution">⚠ {say('sandbox.intro')}</p>
      <section aria-label={say('sandbox.chart')}>
        <h2>{say('sandbox.chart')}</h2>
        <form
          class="fields"
          onSubmit={(event) => {
            event.preventDefault();
            void ask();
          }}
        >
          <Chart chart={chart} />
          <label>
            {say('sandbox.door')}
            <select
              name="door"
              value={door.value}
              onChange={(event) => {
                const chosen = MOCK_DOORS.find((each) => each === event.currentTarget.value);
                if (chosen !== undefined) door.value = chosen;
              }}
            >
              {MOCK_DOORS.map((each) => (
                <option key={each} value={each}>
                  {say(`sandbox-door.${each}`)}
                </option>
              ))}
            </select>
          </label>
          <button type="submit" class="main" id="ask">
            {say('sandbox.ask')}
          </button>
        </form>
      </section>
      {fault.value !== undefined && (
        <p class="fault" role="alert">
          {fault.value}
        </p>
      )}
      {asked.value && <Exchange asked={asked.value} />}
    </main>
  );
}
