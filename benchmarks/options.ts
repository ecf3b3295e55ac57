// Reads the options of a benchmark; `--help` prints them under the first lines of its file.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

/** `url` is the benchmark's import.meta.url. An option that is not there ends the process with 2 and a sentence. */
export function readOptions<const Options extends ParseArgsOptionsConfig>(url: string, options: Options) {
  const declared = { ...options, help: { type: 'boolean' } } as const;
  if (process.argv.includes('--help')) {
    const [about] = readFileSync(fileURLToPath(url), 'utf8').split(/^(?!\/\/)/m);
    const lines = Object.entries(declared).map(
      ([name, { type, default: usual }]: [string, ParseArgsOptionsConfig[string]]) =>
        `  --${name}${type === 'string' ? ` VALUE${usual === undefined ? '' : ` (${String(usual)})`}` : ''}\n`,
    );
    process.stdout.write(`${about?.replaceAll(/^\/\/ ?/gm, '') ?? ''}\n${lines.join('')}`);
    process.exit(0);
  }
  try {
    return parseArgs({ options }).values;
  } catch (thrown) {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    process.exit(2);
  }
}
