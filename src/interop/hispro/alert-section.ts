// One alert as a section of a page: what, why, how sure, what it does not know.
import type { Alert } from '#kernel/alert.ts';
import type { Language } from '#kernel/errors.ts';
import { say } from '#messages/say.ts';
import { localTime } from '#interop/local-time.ts';
import { html, type Html } from '#interop/html.ts';

/** Where the pictures are that explain an alert. */
export interface FilmAddresses {
  readonly film: string;
  readonly heatmap: string;
}

export interface AlertSection {
  readonly language: Language;
  readonly film?: FilmAddresses;
  /** What stands below: the form, or what became of it. */
  readonly below?: Html;
}

const list = (lines: readonly string[]): Html =>
  html`<ul>
    ${lines.map((line) => html`<li>${line}</li>`)}
  </ul>`;

/** The checkbox hides the heatmap by style alone. */
const filmPart = ({ film, heatmap }: FilmAddresses, alertId: string, language: Language): Html =>
  html`<div class="film">
    <input type="checkbox" class="plain" id="plain-${alertId}" /><label for="plain-${alertId}"
      >${say(language, 'hispro.page.hide-heatmap')}</label
    >
    <div class="layers">
      <img src="${film}" alt="${say(language, 'hispro.page.film')}" /><img
        class="heat"
        src="${heatmap}"
        alt="${say(language, 'hispro.page.heatmap')}"
      />
    </div>
  </div>`;

export function alertSection(alert: Alert, { language, film, below }: AlertSection): Html {
  const { provenance } = alert;
  return html`<div class="card ${alert.severity}">
    <h2>${alert.summary[language]}<span class="badge">${say(language, `hispro.severity.${alert.severity}`)}</span></h2>
    ${film === undefined ? null : filmPart(film, alert.id, language)}
    <p>${say(language, 'hispro.page.why')}</p>
    ${list(alert.evidence.map(({ text }) => text[language]))}
    <p>${say(language, 'hispro.page.limitations')}</p>
    ${list(alert.limitations.map((one) => one[language]))}
    <p class="quiet">
      ${say(language, 'hispro.page.model', {
        model: provenance.modelId,
        version: provenance.modelVersion,
        time: localTime(alert.createdAt),
      })}
    </p>
    ${below}
  </div>`;
}
