// The page that HisPro opens before a drug is added: every open alert with its reasons, and a form for what the doctor decides.
import type { Alert } from '#kernel/alert.ts';
import type { Language } from '#kernel/errors.ts';
import { OVERRIDE_REASONS, overrideReasonText } from '#alerts/override-reasons.ts';
import { say } from '#messages/say.ts';
import { html, type Html } from '#interop/html.ts';
import { alertSection } from './alert-section.ts';
import { renderPage } from './page.ts';

export const CONFIRMATION_PATH = '/InteractionCheck/InteractionCheckConfirmation';

export interface Confirmation {
  readonly language: Language;
  readonly sessionName: string;
  readonly alerts: readonly Alert[];
  /** What was wrong with the form that was sent, and what was in it. */
  readonly fault?: string;
  readonly entered?: URLSearchParams;
}

function answerFields(alert: Alert, { language, entered }: Confirmation): Html {
  const name = `answer-${alert.id}`;
  const chosen = entered?.get(name);
  const reason = entered?.get(`reason-${alert.id}`) ?? '';
  const radio = (value: string, text: string): Html =>
    html`<label
      ><input type="radio" name="${name}" value="${value}" ${chosen === value ? html` checked` : null} /> ${text}</label
    >`;
  return html`<fieldset>
    <legend>${say(language, 'hispro.page.decision')}</legend>
    ${radio('acknowledged', say(language, 'hispro.page.acknowledge'))}
    ${radio('overridden', say(language, 'hispro.page.override'))}
    <label
      >${say(language, 'hispro.page.reason')}
      <select name="reason-${alert.id}">
        <option value="">${say(language, 'hispro.page.choose')}</option>
        ${OVERRIDE_REASONS.map(
          (code) =>
            html`<option value="${code}" ${code === reason ? html` selected` : null}>
              ${overrideReasonText(code)[language]}
            </option>`,
        )}
      </select></label
    >
    <label
      >${say(language, 'hispro.page.comment')}
      <textarea name="comment-${alert.id}" rows="2" maxlength="1000">
${entered?.get(`comment-${alert.id}`) ?? ''}</textarea>
    </label>
  </fieldset>`;
}

const languageLink = (sessionName: string, language: Language): string =>
  `${CONFIRMATION_PATH}?sessionId=${encodeURIComponent(sessionName)}&lang=${language === 'vi' ? 'en' : 'vi'}`;

export function confirmationPage(page: Confirmation): string {
  const { language, sessionName, alerts, fault } = page;
  return renderPage({
    language,
    title: say(language, 'hispro.page.confirm-title', { count: alerts.length }),
    otherLanguage: languageLink(sessionName, language),
    body: html`${fault === undefined ? null : html`<p class="fault">${fault}</p>`}
      <form method="post" action="${CONFIRMATION_PATH}">
        <input type="hidden" name="sessionId" value="${sessionName}" />
        <input type="hidden" name="lang" value="${language}" />
        ${alerts.map((alert) => alertSection(alert, { language, below: answerFields(alert, page) }))}
        <button type="submit" name="choice" value="proceed">${say(language, 'hispro.page.proceed')}</button>
        <button type="submit" name="choice" value="reconsider" class="back">
          ${say(language, 'hispro.page.reconsider')}
        </button>
      </form>`,
  });
}

export function donePage(language: Language, choice: 'proceed' | 'reconsider'): string {
  return renderPage({
    language,
    title: say(language, 'hispro.page.done-title'),
    body: html`<p>${say(language, `hispro.page.done-${choice}`)}</p>`,
  });
}

/** Nothing is open any more: somebody else answered in between. */
export function nothingOpenPage(language: Language): string {
  return renderPage({
    language,
    title: say(language, 'hispro.page.done-title'),
    body: html`<p>${say(language, 'hispro.page.nothing-open')}</p>`,
  });
}
