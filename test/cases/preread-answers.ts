// Asks `haidang preread … --json` for many studies with few runs, because each run loads the model again.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { groupsWithoutClash, pathOf } from './film-case.ts';

export interface ReasonLine {
  readonly code: string;
  readonly text: string;
}
export interface Answer {
  readonly outcome: string;
  readonly reasons: readonly ReasonLine[];
  readonly findings: readonly { readonly code: string; readonly probability: number; readonly decision: string }[];
  readonly priority: string;
}
type Line = Answer & { readonly files: readonly string[] };

/** Group 0020, element 000D, VR "UI": the Study Instance UID of a data set with explicit VR, little endian. */
const STUDY_INSTANCE_UID = Buffer.from([0x20, 0x00, 0x0d, 0x00, 0x55, 0x49]);

/** The command joins the files of one study, so that two groups with one study may not share a run. */
function studyOf(file: string): string {
  const bytes = readFileSync(pathOf(file));
  const at = bytes.indexOf(STUDY_INSTANCE_UID);
  if (at < 0) return file;
  const length = bytes.readUInt16LE(at + 6);
  return bytes.toString('latin1', at + 8, at + 8 + length).replace(/[\0 ]+$/, '');
}

/** Exit status 1 says that some film was not assessed, which is no fault here. */
const runPreread = (paths: readonly string[]): Promise<readonly Line[]> =>
  new Promise((settle, fail) => {
    execFile(
      process.execPath,
      ['src/cli/main.ts', 'preread', ...paths, '--json'],
      { maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error !== null && error.code !== 1) fail(new Error(`preread ended with ${error.code}: ${stderr}`));
        else
          settle(
            stdout
              .split('\n')
              .filter((line) => line !== '')
              .map((line) => JSON.parse(line)),
          );
      },
    );
  });

const keyOf = (files: readonly string[]): string => files.join(' ');

/** Each group of files is one study. A group that the command splits into several studies has several answers. */
export async function prereadAll(
  groups: readonly (readonly string[])[],
): Promise<(files: readonly string[]) => readonly Answer[]> {
  const answers = new Map<string, readonly Answer[]>();
  const different = [...new Map(groups.map((files) => [keyOf(files), files])).values()];
  for (const batch of groupsWithoutClash(different, (files) => [...new Set(files.map(studyOf))])) {
    const lines = await runPreread(batch.flatMap((files) => files.map((file) => resolve(pathOf(file)))));
    for (const files of batch) {
      const paths = files.map((file) => resolve(pathOf(file)));
      answers.set(
        keyOf(files),
        lines.filter((line) => line.files.some((file) => paths.includes(file))),
      );
    }
  }
  return (files) => answers.get(keyOf(files)) ?? [];
}
