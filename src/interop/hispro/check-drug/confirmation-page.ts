// The page that HisPro opens before a drug is added: every open alert with its reasons, and a form for what the doctor decides.
import type { Alert } from '#kernel/alert.ts';
import type { Language } from '#kernel/errors.ts';
import { overrideReasonText, reasonsFor } from '#alerts/lifecycle/override-reasons.ts';
import { say } from '#messages/say.ts';
import { html, type Html } from '#http/html.ts';
import { aboutLine, type About } from '#interop/hispro/view/about.ts';
import { alertSection, leadingFilm, type FilmOf } from '#interop/hispro/view/alert-section.ts';
import { renderPage } from '#interop/hispro/view/page.ts';
import type { StudyEntry } from '#interop/hispro/ports.ts';

export const CONFIRMATION_PATH = '/InteractionCheck/InteractionCheckConfirmation';

export interface Confirmation {
  readonly language: Language;
  readonly sessionName: string;
  readonly about: About;
  readonly alerts: readonly Alert[];
  /** The patient's studies, for the films behind the alerts. */
  readonly entries: readonly StudyEntry[];
  readonly filmOf: FilmOf;
  /** What was wrong with the form that was sent, per alert, and what was in it. */
  readonly faults?: ReadonlyMap<string, string>;
  readonly entered?: URLSearchParams;
}

function answerFields(alert: Alert, { language, entered, faults }: Confirmation): Html {
  const fault = faults?.get(alert.id);
  const name = `answer-${alert.id}`;
  const chosen = entered?.get(name);
  const reason = entered?.get(`reason-${alert.id}`) ?? '';
  const radio = (value: string, text: string): Html =>
    html`<label
      ><input type="radio" name="${name}" value="${value}" ${chosen === value ? html` checked` : null} /> ${text}</label
    >`;
  return html`<fieldset>
    <legend>${say(language, 'hispro.page.decision')}</legend>
    ${fault === undefined ? null : html`<p class="fault">${fault}</p>`}
    ${radio('acknowledged', say(language, 'hispro.page.acknowledge'))}
    ${radio('overridden', say(language, 'hispro.page.override'))}
    <div class="more">
      <select name="reason-${alert.id}" aria-label="${say(language, 'hispro.page.reason')}">
        <option value="">${say(language, 'hispro.page.choose')}</option>
        ${reasonsFor(alert).map(
          (code) =>
            html`<option value="${code}" ${code === reason ? html` selected` : null}>
              ${overrideReasonText(code)[language]}
            </option>`,
        )}
      </select>
    </div>
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
  const { language, sessionName, alerts, faults, entries, filmOf } = page;
  const filmFor = (alert: Alert) =>
    leadingFilm(
      alert,
      entries.find(({ study }) => study.studyUid === alert.subject.studyUid),
      filmOf,
    );
  return renderPage({
    language,
    title: say(language, 'hispro.page.confirm-title', { count: alerts.length }),
    otherLanguage: languageLink(sessionName, language),
    body: html`${aboutLine(language, page.about)}
      ${faults === undefined ? null : html`<p class="fault">${say(language, 'hispro.page.fault')}</p>`}
      <form method="post" action="${CONFIRMATION_PATH}">
        <input type="hidden" name="sessionId" value="${sessionName}" />
        <input type="hidden" name="lang" value="${language}" />
        ${alerts.map((alert) => alertSection(alert, { language, filmSize: 'small', ...filmFor(alert), below: answerFields(alert, page) }))}
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
