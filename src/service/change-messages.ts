// Messages about a corrected study or person to the receivers of its alerts and results.
import { isOpen } from '#alerts/lifecycle/lifecycle.ts';
import { type DeliveryRoute, messagesForAlert, messagesForEvent } from '#delivery/alert-messages.ts';
import { correctedResults, type ResultMessagesDeps } from '#interop/hl7v2/out/result-messages.ts';
import type { TellChange } from '#store/study/study-change.ts';

export function changeMessages(routes: readonly DeliveryRoute[], deps: ResultMessagesDeps): TellChange {
  const results = correctedResults(deps);
  return (change) => [
    ...change.ended.flatMap(({ alert, event }) => messagesForEvent(alert, event, routes)),
    ...change.raised.filter(({ status }) => isOpen(status)).flatMap((alert) => messagesForAlert(alert, routes)),
    ...('after' in change ? results(change) : []),
  ];
}
