// models/risk-*/equation.json → <version>/model.onnx and golden.json beside it. The same equations always give the same bytes.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildEquation } from '#risk/library/build.ts';
import { FOLDER_PREFIX } from '#risk/library/library.ts';

const models = new URL('../models/', import.meta.url).pathname;
const folders = (await readdir(models)).filter((name) => name.startsWith(FOLDER_PREFIX)).sort();

for (const name of folders) {
  const folder = join(models, name);
  const { version, files } = buildEquation(JSON.parse(await readFile(join(folder, 'equation.json'), 'utf8')));
  await mkdir(join(folder, version), { recursive: true });
  for (const [path, content] of files) await writeFile(join(folder, path), content);
  process.stderr.write(`${name}: ${files.map(([path]) => path).join(', ')}\n`);
}
