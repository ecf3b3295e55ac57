// One alert as a section of a page: what, why, how sure, what it does not know.
import type { Alert } from '#kernel/alert.ts';
import type { Language, Sentence } from '#kernel/errors.ts';
import { say } from '#messages/say.ts';
import { localTime } from '#messages/local-time.ts';
import { html, type Html } from '#http/html.ts';
import type { StudyEntry } from '#interop/hispro/ports.ts';

/** Where the pictures are that explain an alert. */
export interface FilmAddresses {
  readonly film: string;
  readonly heatmap: string;
}

export type FilmOf = (readingId: string, findingCode: string) => FilmAddresses | undefined;

export interface AlertSection {
  readonly language: Language;
  readonly film?: FilmAddresses;
  /** Why there is no heatmap yet. */
  readonly mapNote?: Sentence;
  /** Small beside a question, large on a page of its own. */
  readonly filmSize: 'small' | 'large';
  /** What stands below: the form, or what became of it. */
  readonly below?: Html;
}

/** The leading finding's film and heatmap, where the heatmap is faithful enough to be shown, or that it is still being checked. */
export function leadingFilm(
  alert: Alert,
  entry: StudyEntry | undefined,
  filmOf: FilmOf,
): Pick<AlertSection, 'film' | 'mapNote'> {
  const lead = alert.evidence[0]?.code;
  const reading = entry?.reading;
  const finding = reading?.findings.find(({ code }) => code === lead);
  const { state, reason } = finding?.heatmap ?? {};
  if (state === 'checking' && reason !== undefined) return { mapNote: reason.text };
  if (reading === undefined || finding?.heatmap?.state !== 'available') return {};
  const film = filmOf(reading.id, finding.code);
  return film === undefined ? {} : { film };
}

const list = (lines: readonly string[]): Html =>
  html`<ul>
    ${lines.map((line) => html`<li>${line}</li>`)}
  </ul>`;

/** A risk's first reason is its summary again; it stands alone only where there is no other. */
function reasonsOf(alert: Alert, language: Language): string[] {
  const all = alert.evidence.map(({ text }) => text[language]);
  const others = all.filter((text) => !alert.summary[language].startsWith(text));
  return others.length === 0 ? all : others;
}

/** The checkbox hides the heatmap by style alone. */
const filmPart = ({ film, heatmap }: FilmAddresses, alertId: string, { language, filmSize }: AlertSection): Html =>
  html`<div class="film ${filmSize}">
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

export function alertSection(alert: Alert, section: AlertSection): Html {
  const { language, film, mapNote, below } = section;
  const { provenance } = alert;
  return html`<div class="card ${alert.severity}">
    <h2>${alert.summary[language]}<span class="badge">${say(language, `hispro.severity.${alert.severity}`)}</span></h2>
    ${film === undefined ? null : filmPart(film, alert.id, section)}
    ${mapNote === undefined ? null : html`<p>${mapNote[language]}</p>`}
    <h3>${say(language, 'hispro.page.why')}</h3>
    ${list(reasonsOf(alert, language))}
    <div class="limits">
      <h3>${say(language, 'hispro.page.limitations')}</h3>
      ${list(alert.limitations.map((one) => one[language]))}
      <p>
        ${say(language, 'hispro.page.model', {
          model: provenance.modelId,
          version: provenance.modelVersion,
          time: localTime(alert.createdAt),
        })}
      </p>
    </div>
    ${below}
  </div>`;
}
