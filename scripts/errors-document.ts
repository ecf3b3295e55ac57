// Writes ERRORS.md from the rooms' error catalogues: `npm run --silent errors-document`.
import { globSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ErrorCatalogue } from '#kernel/errors.ts';

const isCatalogue = (value: unknown): value is ErrorCatalogue<string> =>
  typeof value === 'object' && value !== null && 'room' in value && 'kinds' in value;

/** The whole text of ERRORS.md. */
export async function errorsDocument(): Promise<string> {
  const files = globSync('src/**/errors.ts')
    .filter((file) => !file.includes('kernel'))
    .sort();
  const modules: Record<string, unknown>[] = await Promise.all(
    files.map((file) => import(pathToFileURL(resolve(file)).href)),
  );
  const rows = modules
    .flatMap((module) => Object.values(module))
    .filter(isCatalogue)
    .flatMap(({ room, kinds }) => Object.entries(kinds).map(([name, kind]) => ({ code: `${room}.${name}`, kind })))
    .sort((left, right) => left.code.localeCompare(right.code));
  const lines = rows.map(({ code, kind }) => `| \`${code}\` | ${kind.status} | ${kind.text.en} | ${kind.text.vi} |`);
  return [
    '<!-- Written by `npm run errors-document`; do not edit. -->',
    '# Errors',
    '',
    'Every refusal names its code, the field at fault and the reason. Mọi lời từ chối đều nêu mã lỗi, trường sai và lý do.',
    '',
    '| code | HTTP | English | Tiếng Việt |',
    '|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}

if (import.meta.main) writeFileSync('ERRORS.md', await errorsDocument());
