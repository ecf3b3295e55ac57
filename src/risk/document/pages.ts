// Writes each equation's card (both languages) and the pages per group of equations (one per language).
import type { Language } from '#kernel/errors.ts';
import { say } from '#messages/say.ts';
import type { Equation } from '#risk/equation/equation.ts';
import type { EquationData } from '#risk/equation/schema.ts';
import { describe } from './describe.ts';

const GROUPS: readonly EquationData['group'][] = ['cardiovascular', 'cancer', 'chronic', 'acute'];
const LANGUAGES: readonly Language[] = ['vi', 'en'];

const mark = (language: Language): string => `<!-- ${say(language, 'risk.document.generated')} -->`;
const pageName = (group: string, language: Language): string => `${group}.${language}.md`;

/** card.md of one equation. */
export const cardOf = (equation: Equation): string =>
  [mark('en'), ...describe(equation, 'vi', 1), '', '---', '', ...describe(equation, 'en', 1), ''].join('\n');

/** File name → text, for docs/risk. */
export function pagesOf(equations: readonly Equation[]): ReadonlyMap<string, string> {
  const pages = new Map<string, string>();
  for (const language of LANGUAGES) {
    for (const group of GROUPS) {
      const members = equations.filter(({ data }) => data.group === group);
      const others = GROUPS.filter((other) => other !== group).map(
        (other) => `[${say(language, `risk.document.group.${other}`)}](${pageName(other, language)})`,
      );
      const text = [
        mark(language),
        `# ${say(language, `risk.document.group.${group}`)}`,
        '',
        say(language, 'risk.document.intro'),
        '',
        others.join(' · '),
        ...members.flatMap((equation) => ['', ...describe(equation, language, 2)]),
        '',
      ];
      pages.set(pageName(group, language), text.join('\n'));
    }
  }
  return pages;
}
