// Tells a refusal on standard error and sets the exit status.
import { HaidangError } from '#client/client.ts';
import { CareError } from '#kernel/errors.ts';

/** Anything but a refusal, ours or that of the service asked, is a fault of ours and is thrown on. */
export function tellRefusal(thrown: unknown): void {
  if (!(thrown instanceof CareError) && !(thrown instanceof HaidangError)) throw thrown;
  const field = thrown.field === undefined || thrown.field === null ? '' : ` ${thrown.field}:`;
  process.stderr.write(
    `${thrown.code}:${field} ${thrown instanceof CareError ? thrown.reason : thrown.message}\n${thrown.text.vi}\n${thrown.text.en}\n`,
  );
  process.exitCode = 1;
}
