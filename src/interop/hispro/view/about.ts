// The patient's codes at the head of a page, the same that HisPro shows, so that a doctor with several windows knows the patient.
import type { Language } from '#kernel/errors.ts';
import { html, type Html } from '#http/html.ts';
import { localTime } from '#messages/local-time.ts';
import { say } from '#messages/say.ts';

export interface About {
  readonly patientCode: string;
  readonly treatmentCode?: string | null | undefined;
  readonly accessionNumber?: string | undefined;
  /** ISO 8601. */
  readonly receivedAt?: string | undefined;
}

export function aboutLine(language: Language, about: About): Html {
  const { patientCode, treatmentCode, accessionNumber, receivedAt } = about;
  const parts = [
    say(language, 'hispro.about.patient', { code: patientCode }),
    treatmentCode && say(language, 'hispro.about.treatment', { code: treatmentCode }),
    accessionNumber && say(language, 'hispro.about.order', { code: accessionNumber }),
    receivedAt && say(language, 'hispro.about.received', { time: localTime(receivedAt) }),
  ];
  return html`<p class="about">${parts.filter(Boolean).join(' · ')}</p>`;
}
