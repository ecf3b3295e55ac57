// A study's reading and its alerts as a page: what was found, how probable, or why nothing was assessed.
import type { Alert } from '#kernel/alert.ts';
import type { Language } from '#kernel/errors.ts';
import type { Finding, Reading } from '#kernel/finding.ts';
import { percent } from '#messages/short-text.ts';
import { say } from '#messages/say.ts';
import { html, type Html } from '#http/html.ts';
import { aboutLine, type About } from './about.ts';
import { alertSection, leadingFilm, type FilmOf } from './alert-section.ts';
import { renderPage } from './page.ts';
import type { StudyEntry } from '#interop/hispro/ports.ts';

export interface View {
  readonly language: Language;
  readonly entry: StudyEntry | undefined;
  readonly alerts: readonly Alert[];
  readonly otherLanguage: string;
  readonly titleOf: (findingCode: string) => string;
  readonly filmOf: FilmOf;
  readonly about?: About;
}

const DECISIONS: readonly Finding['decision'][] = ['positive', 'indeterminate', 'negative'];

/** What was decided first, then what is likely. */
const byDecision = (a: Finding, b: Finding): number =>
  DECISIONS.indexOf(a.decision) - DECISIONS.indexOf(b.decision) || b.probability - a.probability;

function findingsTable(reading: Reading, { language, titleOf }: View): Html {
  return html`<h2>${say(language, 'hispro.view.findings')}</h2>
    <p class="quiet">${say(language, 'hispro.view.preliminary')}</p>
    <table>
      <tr>
        <th>${say(language, 'hispro.view.finding')}</th>
        <th>${say(language, 'hispro.view.probability')}</th>
        <th>${say(language, 'hispro.view.decision')}</th>
      </tr>
      ${reading.findings.toSorted(byDecision).map(
        ({ code, probability, decision }) =>
          html`<tr>
            <td>${titleOf(code)}</td>
            <td>${percent(probability)}</td>
            <td>${say(language, `hispro.view.decision.${decision}`)}</td>
          </tr>`,
      )}
    </table>`;
}

function readingPart(view: View): Html | null {
  const { language, entry } = view;
  if (entry === undefined) return null;
  const { reading } = entry;
  if (reading === undefined) return html`<p class="fault">${say(language, 'hispro.view.computing')}</p>`;
  if (reading.outcome === 'assessed') return findingsTable(reading, view);
  return html`<div class="fault">
    <p>${say(language, 'hispro.view.not-assessed')}</p>
    <ul>
      ${reading.reasons.map(({ text }) => html`<li>${text[language]}</li>`)}
    </ul>
  </div>`;
}

export function viewPage(view: View): string {
  const { language, alerts, entry, filmOf, about } = view;
  const nothing = entry === undefined && alerts.length === 0;
  return renderPage({
    language,
    title: say(language, 'hispro.view.title'),
    otherLanguage: view.otherLanguage,
    body: html`${about === undefined ? null : aboutLine(language, about)}
    ${nothing ? html`<p class="fault">${say(language, 'hispro.view.not-found')}</p>` : null}
    ${alerts.map((alert) =>
      alertSection(alert, {
        language,
        filmSize: 'large',
        ...leadingFilm(alert, entry, filmOf),
        below: html`<p>
          ${say(language, 'hispro.view.status', { status: say(language, `hispro.view.status.${alert.status}`) })}
        </p>`,
      }),
    )}
    ${readingPart(view)}`,
  });
}
