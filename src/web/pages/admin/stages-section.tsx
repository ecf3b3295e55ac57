// The way of each model into service: its stage, its figures against the live one, the step to another stage with reason and approver, and every
// step that was taken.
import { signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { AuditRecord, ModelExit } from '#client/client.ts';
import { v1 } from '#web/pages/shell/api.ts';
import { HeadRow } from '#web/pages/shell/head-row.tsx';
import { loadModels } from '#web/pages/shell/heads.ts';
import { useLoaded, WhenLoaded } from '#web/pages/shell/loaded.tsx';
import { tell, tellFault } from '#web/pages/shell/notices.tsx';
import { may, session } from '#web/pages/shell/session.ts';
import { Scrolled } from '#web/pages/shell/scrolled.tsx';
import { both, number, say, time } from '#web/pages/shell/words.ts';

type Model = Awaited<ReturnType<typeof v1.listModels>>['data']['models'][number];
type Stage = Model['stage'];
type Exit = Awaited<ReturnType<typeof v1.computeModelExit>>['data'];

const STAGES = ['draft', 'silent', 'pilot', 'live', 'retired'] as const satisfies readonly Stage[];
const MOST_STEPS = '50';

const share = (value: number | null): string => (value === null ? '–' : number(value, 3));
const verdict = (holds: boolean | null): string =>
  say(holds === null ? 'stage.untested' : holds ? 'stage.holds' : 'stage.fails');

function Findings({ findings }: Pick<ModelExit, 'findings'>) {
  return (
    <Scrolled label={say('stage.figures')}>
      <table class="plain-table">
        <HeadRow
          titles={[
            say('finding'),
            say('stage.source'),
            'n',
            say('stage.candidate'),
            say('stage.live-auroc'),
            say('stage.difference'),
            say('stage.not-inferior'),
            say('stage.calibrated'),
          ]}
        />
        <tbody>
          {findings.map((each) => (
            <tr key={`${each.finding} ${each.source}`}>
              <td>{each.finding}</td>
              <td>{each.source}</td>
              <td class="number">
                {each.positives}/{each.n}
              </td>
              <td class="number">{share(each.candidateAuroc)}</td>
              <td class="number">{share(each.liveAuroc)}</td>
              <td class="number">
                {share(each.difference)} ({share(each.lower)} – {share(each.upper)})
              </td>
              <td>{verdict(each.notInferior)}</td>
              <td>{verdict(each.calibrated)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}

function Figures({ exit: { exit, silentReadings } }: { readonly exit: Exit }) {
  return (
    <div data-exit={exit.passed ? 'passed' : 'not-passed'}>
      <p class={exit.passed ? '' : 'place urgent'}>
        {say(exit.passed ? 'stage.passed' : 'stage.not-passed', { margin: exit.margin })}
      </p>
      <p class="small quiet">
        {say('stage.silent-readings', {
          assessed: silentReadings.assessed,
          others: silentReadings['not-assessed'] + silentReadings.failed,
        })}
      </p>
      <Findings findings={exit.findings} />
    </div>
  );
}

const textOf = (fields: FormData, name: string): string => {
  const value = fields.get(name);
  return typeof value === 'string' ? value.trim() : '';
};

interface StepProps {
  readonly model: Model;
  refresh(): Promise<void>;
}

/** The service judges the step; the reason and the names are asked for here and kept in the audit. */
function Step({ model, refresh }: StepProps) {
  const submit = (event: Event): void => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!(form instanceof HTMLFormElement)) return;
    const fields = new FormData(form);
    const to = STAGES.find((stage) => stage === textOf(fields, 'to'));
    const [approver, reason] = [textOf(fields, 'approver'), textOf(fields, 'reason')];
    if (to === undefined || approver === '' || reason === '') return;
    v1.stageModel(model.id, { version: model.version, to, approver, reason })
      .then(async ({ data }) => {
        tell({
          kind: 'done',
          text:
            data.takesEffect === 'now'
              ? say('stage.done', { stage: say(`stage.${to}`) })
              : say('stage.done-later', { reason: data.reason ?? '' }),
        });
        form.reset();
        await refresh();
      })
      .catch(tellFault);
  };
  return (
    <form class="fields" aria-label={say('stage.step')} onSubmit={submit}>
      <label>
        {say('stage.to')}
        <select name="to" required>
          <option value="">{say('choose')}</option>
          {STAGES.filter((stage) => stage !== model.stage).map((stage) => (
            <option key={stage} value={stage}>
              {say(`stage.${stage}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {say('stage.approver')}
        <input name="approver" required maxLength={200} autocomplete="off" />
      </label>
      <label>
        {say('reason')}
        <input name="reason" required maxLength={500} autocomplete="off" />
      </label>
      <button type="submit">{say('stage.step')}</button>
      <span class="small quiet">{say('stage.as', { actor: session.value?.actor ?? '' })}</span>
    </form>
  );
}

function StagedModel({ model, refresh }: StepProps) {
  const exit = useMemo(() => signal<Exit | undefined>(undefined), [model.id, model.version]);
  const compute = (): void => {
    v1.computeModelExit(model.id, { version: model.version }).then(({ data }) => (exit.value = data), tellFault);
  };
  const mayWrite = may('models:write');
  return (
    <section class="risk" data-staged={model.id} data-version={model.version} data-stage={model.stage}>
      <h3>
        {both(model.title)} <span class="quiet small">{`${model.id} ${model.version}`}</span>
      </h3>
      <p>
        <span class="tag">{say(`stage.${model.stage}`)}</span>{' '}
        <span class="small quiet">{model.stageSince === null ? '' : time(model.stageSince)}</span>
      </p>
      {model.stage === 'live' && <p class="small quiet">{say('stage.live-stays')}</p>}
      {mayWrite && model.stage !== 'live' && (
        <>
          <button type="button" onClick={compute}>
            {say('stage.compute')}
          </button>
          {exit.value && <Figures exit={exit.value} />}
          <Step model={model} refresh={refresh} />
        </>
      )}
    </section>
  );
}

const word = (value: unknown): string => {
  const stage = STAGES.find((each) => each === value);
  return stage === undefined ? '–' : say(`stage.${stage}`);
};
const plain = (value: unknown): string => (typeof value === 'string' && value !== '' ? value : '–');

const History = ({ items }: { readonly items: readonly AuditRecord[] }) => (
  <Scrolled label={say('stage.history')}>
    <table class="plain-table">
      <HeadRow
        titles={[
          say('audit.at'),
          say('model'),
          say('stage.step'),
          say('stage.approver'),
          say('audit.actor'),
          say('reason'),
        ]}
      />
      <tbody>
        {items.map(({ sequence, at, subjectId, actor, detail }) => (
          <tr key={sequence} data-step={sequence}>
            <td class="number">{time(at)}</td>
            <td>
              {subjectId} {plain(detail?.['modelVersion'])}
            </td>
            <td>
              {word(detail?.['from'])} → {word(detail?.['to'])}
            </td>
            <td>{plain(detail?.['approver'])}</td>
            <td>{actor}</td>
            <td>{plain(detail?.['reason'])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </Scrolled>
);

export function Stages() {
  const models = useLoaded(() => v1.listModels());
  const history = useLoaded(() => v1.searchAudit({ action: 'model.staged', limit: MOST_STEPS }));
  const refresh = async (): Promise<void> => {
    await Promise.all([models.load(), history.load(), loadModels()]);
  };
  return (
    <section id="stages" aria-label={say('admin.stages')}>
      <h2>{say('admin.stages')}</h2>
      <p class="small quiet">{say('stage.help')}</p>
      <WhenLoaded of={models}>
        {({ models: list }) => (
          <>
            {list.map((model) => (
              <StagedModel key={`${model.id}/${model.version}`} model={model} refresh={refresh} />
            ))}
          </>
        )}
      </WhenLoaded>
      <h3>{say('stage.history')}</h3>
      <WhenLoaded of={history}>
        {({ items }) => (items.length === 0 ? <p class="quiet">{say('stage.no-step')}</p> : <History items={items} />)}
      </WhenLoaded>
    </section>
  );
}
