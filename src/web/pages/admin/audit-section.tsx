// The audit: whether its chain is whole, and a search by person, user, action and time, page by page.
import { signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { AuditRecord } from '#client/client.ts';
import { faultText, v1 } from '#web/pages/shell/api.ts';
import { useLoaded, WhenLoaded } from '#web/pages/shell/loaded.tsx';
import { HeadRow } from '#web/pages/shell/head-row.tsx';
import { Scrolled } from '#web/pages/shell/scrolled.tsx';
import { say, time } from '#web/pages/shell/words.ts';
import { ACTIONS, actionText } from './codes.ts';

type Question = Readonly<Record<string, string>>;

const PAGE = '50';

function questionOf(form: HTMLFormElement): Question {
  const question: Record<string, string> = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== 'string' || value.trim() === '') continue;
    question[name] = name === 'from' || name === 'before' ? new Date(value).toISOString() : value.trim();
  }
  return question;
}

function openSearch() {
  const question = signal<Question>({});
  const items = signal<readonly AuditRecord[]>([]);
  const total = signal<number | undefined>(undefined);
  const next = signal<string | null>(null);
  const fault = signal<string | undefined>(undefined);
  let turn = 0;
  async function ask(after?: string): Promise<void> {
    const mine = ++turn;
    try {
      const { data } = await v1.searchAudit({ ...question.value, limit: PAGE, ...(after !== undefined && { after }) });
      if (mine !== turn) return;
      items.value = after === undefined ? data.items : [...items.value, ...data.items];
      total.value = data.total;
      next.value = data.next;
      fault.value = undefined;
    } catch (thrown) {
      if (mine === turn) fault.value = faultText(thrown);
    }
  }
  return { question, items, total, next, fault, ask };
}

function Results({ items }: { readonly items: readonly AuditRecord[] }) {
  return (
    <Scrolled label={say('admin.audit-found')}>
      <table class="plain-table">
        <HeadRow titles={[say('audit.at'), say('audit.actor'), say('audit.action'), say('audit.subject')]} />
        <tbody>
          {items.map(({ sequence, at, actor, action, subjectType, subjectId }) => (
            <tr key={sequence} data-sequence={sequence}>
              <td class="number">{time(at)}</td>
              <td>{actor}</td>
              <td title={action}>{actionText(action)}</td>
              <td class="small">
                {subjectType} <code>{subjectId}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}

function Search() {
  const search = useMemo(openSearch, []);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    search.question.value = questionOf(event.currentTarget);
    void search.ask();
  };
  const { total, next, items, fault, question } = search;
  return (
    <>
      <form class="fields" id="audit-search" role="search" aria-label={say('admin.audit-search')} onSubmit={submit}>
        <label>
          {say('audit.patient')}
          <input name="patient" maxLength={64} />
        </label>
        <label>
          {say('audit.actor')}
          <input name="actor" maxLength={100} />
        </label>
        <label>
          {say('audit.action')}
          <select name="action">
            <option value="">{say('all')}</option>
            {ACTIONS.map((action) => (
              <option key={action} value={action}>
                {actionText(action)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {say('audit.from')}
          <input name="from" type="datetime-local" />
        </label>
        <label>
          {say('audit.before')}
          <input name="before" type="datetime-local" />
        </label>
        <button type="submit" class="main">
          {say('audit.search')}
        </button>
      </form>
      {fault.value !== undefined && (
        <p class="fault" role="alert">
          {fault.value}
        </p>
      )}
      {total.value !== undefined && (
        <>
          <p data-audit-total={total.value} aria-live="polite">
            {say('audit.found', { n: total.value })}{' '}
            <a href={`/v1/audit.csv?${new URLSearchParams(question.value).toString()}`} download>
              CSV
            </a>
          </p>
          {items.value.length > 0 && <Results items={items.value} />}
          {next.value !== null && (
            <button type="button" onClick={() => void search.ask(next.value ?? undefined)}>
              {say('more')}
            </button>
          )}
        </>
      )}
    </>
  );
}

export function Audit() {
  const verdict = useLoaded(() => v1.verifyAudit());
  return (
    <section id="audit" aria-label={say('admin.audit')}>
      <h2>{say('admin.audit')}</h2>
      <WhenLoaded of={verdict}>
        {({ intact, entries, faults }) => (
          <p class={intact ? '' : 'place critical'}>
            {intact ? '✓' : '⚠'} {say(intact ? 'admin.intact' : 'admin.edited', { n: entries, faults: faults.length })}
          </p>
        )}
      </WhenLoaded>
      <Search />
    </section>
  );
}
