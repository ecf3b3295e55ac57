// Tells a refusal on standard error and sets the exit status.
import { CareError } from '#kernel/errors.ts';

/** Anything but a CareError is a fault of ours and is thrown on. */
export function tellRefusal(thrown: unknown): void {
  if (!(thrown instanceof CareError)) throw thrown;
  const field = thrown.field === undefined ? '' : ` ${thrown.field}:`;
  process.stderr.write(`${thrown.code}:${field} ${thrown.reason}\n${thrown.text.vi}\n${thrown.text.en}\n`);
  process.exitCode = 1;
}
