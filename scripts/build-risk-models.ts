// `npm run risk-models`: models/risk-*/equation.json → <version>/model.onnx, golden.json and card.md beside it, and the pages of docs/risk.
// The same equations always give the same bytes; a test fails when something here is not current.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pagesOf } from '#risk/document/pages.ts';
import type { Equation } from '#risk/equation/equation.ts';
import { buildEquation } from '#risk/equation/build-equations.ts';
import { FOLDER_PREFIX } from '#risk/equation/library.ts';

const models = fileURLToPath(new URL('../models/', import.meta.url));
const docs = fileURLToPath(new URL('../docs/risk/', import.meta.url));
const folders = (await readdir(models)).filter((name) => name.startsWith(FOLDER_PREFIX)).sort();

const equations: Equation[] = [];
for (const name of folders) {
  const folder = join(models, name);
  const { equation, version, files } = buildEquation(JSON.parse(await readFile(join(folder, 'equation.json'), 'utf8')));
  equations.push(equation);
  await mkdir(join(folder, version), { recursive: true });
  for (const [path, content] of files) await writeFile(join(folder, path), content);
  process.stderr.write(`${name}: ${files.map(([path]) => path).join(', ')}\n`);
}
await mkdir(docs, { recursive: true });
for (const [name, text] of pagesOf(equations)) await writeFile(join(docs, name), text);
