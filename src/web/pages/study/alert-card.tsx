// One alert and its answers. The reader's text outlives every redraw and the way to another page and back.
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Alert } from '#client/client.ts';
import { v1 } from '#web/pages/shell/api.ts';
import { eventId } from '#web/pages/shell/browser.ts';
import { tell, tellFault } from '#web/pages/shell/notices.tsx';
import { both, say, time } from '#web/pages/shell/words.ts';
import { isOpenAlert, type OverrideReason } from './study-state.ts';

interface Draft {
  readonly reason: string;
  readonly comment: string;
}

/** By alert id; gone when it is sent or given up. */
const drafts = signal<ReadonlyMap<string, Draft>>(new Map());

function keepDraft(id: string, draft: Draft | undefined): void {
  const next = new Map(drafts.value);
  if (draft === undefined) next.delete(id);
  else next.set(id, draft);
  drafts.value = next;
}

export interface AlertCardProps {
  readonly alert: Alert;
  readonly reasons: readonly OverrideReason[];
  /** The key that acknowledges it, where the page has one. */
  readonly keyName?: string;
  refresh(): Promise<void>;
  /** What the page knows of it besides. */
  readonly children?: ComponentChildren;
}

async function act(work: () => Promise<unknown>, { refresh }: AlertCardProps): Promise<boolean> {
  try {
    await work();
    await refresh();
    return true;
  } catch (thrown) {
    tellFault(thrown);
    await refresh();
    return false;
  }
}

export const acknowledge = (props: AlertCardProps): Promise<boolean> =>
  act(() => v1.acknowledgeAlert(props.alert.id, eventId()), props);

function OverrideForm({ draft, ...props }: AlertCardProps & { readonly draft: Draft }) {
  const { alert } = props;
  const kind = alert.subject.studyUid === null ? 'risk' : 'film';
  const reasons = props.reasons.filter(({ about }) => about.includes(kind));
  const keep = (parts: Partial<Draft>): void => keepDraft(alert.id, { ...draft, ...parts });
  const needsComment = draft.reason === 'other';
  async function send(): Promise<void> {
    const comment = draft.comment.trim();
    const reasonCode = reasons.find(({ code }) => code === draft.reason)?.code;
    if (reasonCode === undefined) return;
    const body = { ...eventId(), reasonCode, ...(comment !== '' && { comment }) };
    if (await act(() => v1.overrideAlert(alert.id, body), props)) {
      keepDraft(alert.id, undefined);
      tell({ kind: 'done', text: say('alert.overridden') });
    }
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label>
        {say('reason')}
        <select required value={draft.reason} onChange={(event) => keep({ reason: event.currentTarget.value })}>
          <option value="">{say('choose')}</option>
          {reasons.map(({ code, text }) => (
            <option key={code} value={code}>
              {both(text)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {say('comment')}
        <textarea
          maxLength={2000}
          required={needsComment}
          value={draft.comment}
          onInput={(event) => keep({ comment: event.currentTarget.value })}
        />
      </label>
      <div class="actions">
        <button type="submit" class="main">
          {say('send')}
        </button>
        <button type="button" onClick={() => keepDraft(alert.id, undefined)}>
          {say('cancel')}
        </button>
      </div>
    </form>
  );
}

export function AlertCard(props: AlertCardProps) {
  const { alert } = props;
  const draft = drafts.value.get(alert.id);
  const isOpen = isOpenAlert(alert);
  return (
    <div
      class={`alert-card ${alert.severity} ${isOpen ? '' : 'answered'}`}
      data-alert={alert.id}
      data-status={alert.status}
    >
      <h3>
        <span class={`severity ${alert.severity}`}>{say(`severity.${alert.severity}`)}</span> {both(alert.summary)}
      </h3>
      <div class="small quiet">
        {say(`status.${alert.status}`)} · {time(alert.createdAt)}
      </div>
      {props.children}
      {isOpen && draft === undefined && (
        <div class="actions">
          {alert.status !== 'acknowledged' && (
            <button type="button" class="main" onClick={() => void acknowledge(props)}>
              {say('acknowledge')} {props.keyName && <kbd>{props.keyName}</kbd>}
            </button>
          )}
          <button type="button" onClick={() => keepDraft(alert.id, { reason: '', comment: '' })}>
            {say('override')}
          </button>
          <button type="button" onClick={() => void act(() => v1.markAlertFalsePositive(alert.id, eventId()), props)}>
            {say('false-positive')}
          </button>
        </div>
      )}
      {isOpen && draft !== undefined && <OverrideForm {...props} draft={draft} />}
      <details>
        <summary class="small">{say('details')}</summary>
        <p class="small detail">{both(alert.detail)}</p>
        <ul class="small quiet">
          {alert.limitations.map((text) => (
            <li key={text.en}>{both(text)}</li>
          ))}
        </ul>
      </details>
    </div>
  );
}
