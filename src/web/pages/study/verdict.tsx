// The outcome of a study in one look: its urgency, or why it was not assessed, with what makes the numbers less sure beside them.
import type { Reading, Study } from '#client/client.ts';
import { PlaceTag } from '#web/pages/shell/place-tag.tsx';
import { both, percent, say } from '#web/pages/shell/words.ts';

export function Verdict({ study, reading }: { readonly study: Study; readonly reading: Reading | null }) {
  const { progress } = study;
  if (progress.state === 'retrying')
    return (
      <section class="unread">
        <strong>↻ {say('retrying', { n: progress.attempt })}</strong> {progress.reason && both(progress.reason.text)}
      </section>
    );
  if (reading === null)
    return (
      <section class={progress.state === 'failed' ? 'unread' : 'quiet'}>
        <strong>
          {progress.state === 'failed'
            ? `? ${say('outcome.failed')}`
            : say(progress.state === 'running' ? 'running' : 'waiting')}
        </strong>{' '}
        {progress.reason && both(progress.reason.text)}
      </section>
    );
  if (reading.outcome !== 'assessed')
    return (
      <section class="unread">
        <strong>? {say(`outcome.${reading.outcome}`)}</strong>
        <ul>
          {reading.reasons.map(({ code, text }) => (
            <li key={code}>{both(text)}</li>
          ))}
        </ul>
      </section>
    );
  const [top] = reading.findings
    .filter(({ decision }) => decision === 'positive')
    .toSorted((a, b) => b.probability - a.probability);
  return (
    <section class="verdict">
      <div class="line">
        <PlaceTag place={reading.priority} />
        {top && <span class="number quiet">{say('highest', { share: percent(top.probability) })}</span>}
      </div>
      {/* Beside the numbers, not below them: what makes them less sure. */}
      {reading.reasons.map(({ code, text }) => (
        <p key={code} class="caution">
          ⚠ {both(text)}
        </p>
      ))}
    </section>
  );
}
