// One alert as a section of a page: what, why, how sure, what it does not know.
import type { Alert } from '#kernel/alert.ts';
import type { Language } from '#kernel/errors.ts';
import { say } from '#messages/say.ts';
import { html, type Html } from '#interop/html.ts';

export interface AlertSection {
  readonly language: Language;
  /** Address of a picture that explains it, where there is one. */
  readonly picture?: string;
  /** What stands below: the form, or what became of it. */
  readonly below?: Html;
}

const list = (lines: readonly string[]): Html =>
  html`<ul>
    ${lines.map((line) => html`<li>${line}</li>`)}
  </ul>`;

export function alertSection(alert: Alert, { language, picture, below }: AlertSection): Html {
  const { provenance } = alert;
  return html`<div class="card ${alert.severity}">
    <h2>${alert.summary[language]}<span class="badge">${say(language, `hispro.severity.${alert.severity}`)}</span></h2>
    ${picture === undefined ? null : html`<img src="${picture}" alt="${say(language, 'hispro.page.heatmap')}" />`}
    <p>${say(language, 'hispro.page.why')}</p>
    ${list(alert.evidence.map(({ text }) => text[language]))}
    <p>${say(language, 'hispro.page.limitations')}</p>
    ${list(alert.limitations.map((one) => one[language]))}
    <p class="quiet">
      ${say(language, 'hispro.page.model', {
        model: provenance.modelId,
        version: provenance.modelVersion,
        time: alert.createdAt,
      })}
    </p>
    ${below}
  </div>`;
}
