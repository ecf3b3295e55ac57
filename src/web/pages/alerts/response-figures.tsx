// Response times of alerts and the open ones; asked for only when a person opens the section.
import { signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { ResponseFigures as Figures } from '#client/client.ts';
import { v1 } from '#web/pages/shell/api.ts';
import { useLoaded, WhenLoaded } from '#web/pages/shell/loaded.tsx';
import { Scrolled } from '#web/pages/shell/scrolled.tsx';
import { duration, say, span } from '#web/pages/shell/words.ts';
import { roleText } from './receivers.ts';

const DAYS = '30';

function nameOf({ group, name }: Figures): string {
  if (group === 'all') return say('response.all');
  if (group === 'severity' && (name === 'critical' || name === 'warning' || name === 'info'))
    return say(`severity.${name}`);
  return group === 'role' ? roleText(name) : name;
}

const agesText = ({ unanswered }: Figures): string =>
  unanswered
    .filter(({ n }) => n > 0)
    .map(({ fromMinutes, toMinutes, n }) =>
      toMinutes === null
        ? say('response.age-from', { n, from: duration(fromMinutes) })
        : say(fromMinutes === 0 ? 'response.age-under' : 'response.age', {
            n,
            from: duration(fromMinutes),
            to: duration(toMinutes),
          }),
    )
    .join(', ');

const BLOCKS = [
  ['response.severity', ['all', 'severity']],
  ['response.receiver', ['role', 'login']],
  ['response.ward', ['ward']],
] as const;

function Block({ title, rows }: { readonly title: string; readonly rows: readonly Figures[] }) {
  if (rows.length === 0) return null;
  return (
    <Scrolled label={title}>
      <table class="plain-table figures">
        <thead>
          <tr>
            <th>{title}</th>
            <th>{say('response.told')}</th>
            <th>{say('response.answered')}</th>
            <th>{say('response.median')}</th>
            <th>{say('response.p90')}</th>
            <th>{say('response.unanswered')}</th>
            <th>{say('response.ended')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.group + row.name} data-group={row.group} data-name={row.name}>
              <td>{nameOf(row)}</td>
              <td class="number">{row.told}</td>
              <td class="number">{row.answered}</td>
              <td class="number">{span(row.medianMinutes)}</td>
              <td class="number">{span(row.p90Minutes)}</td>
              <td>{agesText(row) || <span class="quiet">{say('response.none')}</span>}</td>
              <td class="number">{row.ended}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}

function ResponseTables() {
  const loaded = useLoaded(() => v1.getAlertResponse({ days: DAYS }));
  return (
    <WhenLoaded of={loaded}>
      {({ figures, leastForP90 }) => (
        <>
          <p class="small quiet">{say('response.help', { n: leastForP90 })}</p>
          {BLOCKS.map(([title, groups]) => (
            <Block
              key={title}
              title={say(title)}
              rows={figures.filter(({ group }) => groups.some((each) => each === group))}
            />
          ))}
        </>
      )}
    </WhenLoaded>
  );
}

export function ResponseSection() {
  const isOpen = useMemo(() => signal(false), []);
  return (
    <details class="response" onToggle={({ currentTarget }) => (isOpen.value = currentTarget.open)}>
      <summary>{say('response.title')}</summary>
      {isOpen.value && <ResponseTables />}
    </details>
  );
}
