// Of an unanswered alert: who else was told by the ward's policy, and who is told next and when.
import type { AlertEscalation } from '#client/client.ts';
import { nowMs } from '#web/pages/shell/browser.ts';
import { say, time } from '#web/pages/shell/words.ts';
import { receiversText } from './receivers.ts';

export function EscalationLines({ escalation }: { readonly escalation: AlertEscalation }) {
  const { told, next } = escalation;
  return (
    <ul class="escalation small" data-told={told.length}>
      {told.map(({ at, to }) => (
        <li key={at}>↗ {say('escalation.told', { time: time(at), who: receiversText(to) })}</li>
      ))}
      {next === null ? (
        <li class="quiet">{say('escalation.end')}</li>
      ) : (
        <li class="quiet" data-next={next.at}>
          {say(Date.parse(next.at) <= nowMs() ? 'escalation.due' : 'escalation.next', {
            time: time(next.at),
            who: receiversText(next.to),
          })}
        </li>
      )}
    </ul>
  );
}
