// One alert of the inbox: how old it is, whom it is about, its card, and who else is told of it.
import { MINUTE_MS } from '#kernel/clock.ts';
import type { Alert, AlertEscalation } from '#client/client.ts';
import { nowMs } from '#web/pages/shell/browser.ts';
import { patientAddress, studyAddress } from '#web/pages/shell/person.ts';
import { follow, go } from '#web/pages/shell/router.ts';
import { duration, say } from '#web/pages/shell/words.ts';
import { AlertCard } from '#web/pages/study/alert-card.tsx';
import { isUnanswered, type OverrideReason } from '#web/pages/study/study-state.ts';
import { EscalationLines } from './escalation-lines.tsx';

const addressOf = ({ subject }: Alert): string =>
  subject.studyUid === null ? patientAddress(subject.patientCode) : studyAddress(subject.studyUid);

interface RowProps {
  readonly alert: Alert;
  readonly reasons: readonly OverrideReason[];
  readonly escalation: AlertEscalation | undefined;
  readonly isChosen: boolean;
  choose(chosen: string): void;
  refresh(): Promise<void>;
}

export function AlertRow({ alert, reasons, escalation, isChosen, choose, refresh }: RowProps) {
  const age = Math.floor((nowMs() - Date.parse(alert.createdAt)) / MINUTE_MS);
  return (
    <li
      class="alert-row"
      data-alert-id={alert.id}
      data-severity={alert.severity}
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.target !== event.currentTarget) return;
        event.preventDefault();
        go(addressOf(alert));
      }}
    >
      <div class="alert-side small">
        {isUnanswered(alert) && (
          <input
            type="checkbox"
            aria-label={say('choose-alert', { patient: alert.subject.patientCode })}
            checked={isChosen}
            onChange={() => choose(alert.id)}
          />
        )}
        <span class="number" title={say('age-of-alert')}>
          {duration(age)}
        </span>
        <a href={patientAddress(alert.subject.patientCode)} onClick={follow}>
          {alert.subject.patientCode}
        </a>
        {alert.subject.studyUid !== null && (
          <a href={studyAddress(alert.subject.studyUid)} onClick={follow}>
            {say('study')}
          </a>
        )}
      </div>
      <AlertCard alert={alert} reasons={reasons} refresh={refresh}>
        {escalation !== undefined && isUnanswered(alert) && <EscalationLines escalation={escalation} />}
      </AlertCard>
    </li>
  );
}
