// Tells a refusal on standard error and sets the exit status.
import { HaidangError } from '#client/client.ts';
import { CareError } from '#kernel/errors.ts';
import { say } from '#messages/say.ts';

/** A file that the user named and the system does not give. */
const FILE_CODES = ['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM', 'EROFS', 'ENOSPC'];

function fileFault(thrown: unknown): { readonly code: string; readonly path: string } | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown) || !('syscall' in thrown)) return undefined;
  const { code } = thrown;
  const path = 'path' in thrown && typeof thrown.path === 'string' ? thrown.path : thrown.message;
  return typeof code === 'string' && FILE_CODES.includes(code) ? { code, path } : undefined;
}

/** Anything but a refusal (ours, that of the service asked, or the system's of a file) is a fault of ours and is thrown on. */
export function tellRefusal(thrown: unknown): void {
  const file = fileFault(thrown);
  if (file !== undefined) {
    const { code, path } = file;
    process.stderr.write(`${code}: ${path}\n${say('vi', 'cli.file-refused')}\n${say('en', 'cli.file-refused')}\n`);
    process.exitCode = 1;
    return;
  }
  if (!(thrown instanceof CareError) && !(thrown instanceof HaidangError)) throw thrown;
  const field = thrown.field === undefined || thrown.field === null ? '' : ` ${thrown.field}:`;
  process.stderr.write(
    `${thrown.code}:${field} ${thrown instanceof CareError ? thrown.reason : thrown.message}\n${thrown.text.vi}\n${thrown.text.en}\n`,
  );
  process.exitCode = 1;
}
