// An alert rule as a person reads it: a model's finding, an equation, and otherwise its code.
import type { Sentence } from '#kernel/errors.ts';
import { both } from '#messages/say.ts';
import type { Rooms } from './rooms.ts';

export function ruleTitles({ reading, library }: Pick<Rooms, 'reading' | 'library'>): (rule: string) => Sentence {
  const equations = new Map([...library.equations].map(([id, { equation }]) => [`risk/${id}`, equation.data.title]));
  const finding = (rule: string): Sentence | undefined =>
    reading
      .models()
      .flatMap(({ manifest: { id, heads } }) => heads.map(({ code, title }) => ({ rule: `${id}/${code}`, title })))
      .find((each) => each.rule === rule)?.title;
  return (rule) => equations.get(rule) ?? finding(rule) ?? both(() => rule);
}
