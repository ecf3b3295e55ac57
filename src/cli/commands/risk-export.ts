// `haidang risk export --spark FOLDER`: the risk equations as a Python package with jobs for Apache Spark and DuckDB.
import { copyFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { readConfig } from '#service/config.ts';
import { FOLDER_PREFIX } from '#risk/equation/library.ts';
import { describeEquation } from '#cli/risk-export/describe-equation.ts';
import { packageReadme } from '#cli/risk-export/package-readme.ts';
import { asMisuse, openRisk } from '#cli/tables/risk-room.ts';
import { resolveUserPath, userFolder } from '#cli/paths.ts';

/** Beside this file in a clone, beside the bundle in the published package. */
const PACKAGE = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../risk-export/haidang_risk' : './haidang_risk', import.meta.url),
);

async function exportPackage({ spark }: { readonly spark: string }): Promise<void> {
  const { modelsDir } = readConfig(process.env, userFolder());
  const folder = resolveUserPath(spark);
  const target = join(folder, 'haidang_risk');
  const opened = await openRisk();
  try {
    await cp(PACKAGE, target, { recursive: true, filter: (path) => !path.endsWith('__pycache__') });
    const { equations } = opened.room.library;
    for (const [id, { equation }] of equations) {
      const from = join(modelsDir, `${FOLDER_PREFIX}${id}`);
      const to = join(target, 'equations', id);
      await mkdir(to, { recursive: true });
      const golden: unknown = JSON.parse(await readFile(join(from, 'golden.json'), 'utf8'));
      const schema = describeEquation(equation, golden, opened.room.registry);
      await writeFile(join(to, 'schema.json'), `${JSON.stringify(schema)}\n`);
      await copyFile(join(from, equation.data.version, 'model.onnx'), join(to, 'model.onnx'));
    }
    const readme = packageReadme([...equations.values()].map(({ equation }) => equation));
    await writeFile(join(folder, 'README.md'), readme);
    process.stdout.write(`${JSON.stringify({ folder, package: 'haidang_risk', equations: [...equations.keys()] })}\n`);
  } finally {
    await opened.close();
  }
}

export function addRiskExportCommand(risk: Command): void {
  risk
    .command('export')
    .description('the equations as a Python package for Apache Spark, DuckDB and pandas')
    .requiredOption('--spark <folder>', 'where to write the package haidang_risk and its README.md')
    .action(asMisuse(exportPackage));
}
