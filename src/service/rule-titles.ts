// An alert rule as a person reads it: a model's finding, an equation, and otherwise its code.
import type { Sentence } from '#kernel/errors.ts';
import { both } from '#messages/say.ts';
import type { Rooms } from './rooms.ts';

export function ruleTitles({ models, library }: Pick<Rooms, 'models' | 'library'>): (rule: string) => Sentence {
  const titles = new Map<string, Sentence>();
  for (const { manifest } of models)
    for (const { code, title } of manifest.heads) titles.set(`${manifest.id}/${code}`, title);
  for (const [id, { equation }] of library.equations) titles.set(`risk/${id}`, equation.data.title);
  return (rule) => titles.get(rule) ?? both(() => rule);
}
