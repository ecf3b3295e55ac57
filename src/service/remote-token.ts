// The token for the server of HAIDANG_REMOTE_MODELS, where that one asks who calls.
import { inferenceErrors } from '#inference/errors.ts';
import type { Config } from './config.ts';
import { readSecretFile } from './secret-file.ts';

const refused = (reason: string, cause?: unknown) =>
  inferenceErrors.error('remote', { field: 'HAIDANG_REMOTE_TOKEN_FILE', reason: `the token's file: ${reason}`, cause });

/** From the file if there is one, read anew each time: a token may be exchanged while the service runs. */
export function remoteTokenOf({
  remoteToken,
  remoteTokenFile,
}: Pick<Config, 'remoteToken' | 'remoteTokenFile'>): (() => string) | undefined {
  if (remoteTokenFile !== undefined) return () => readSecretFile(remoteTokenFile, refused).trim();
  return remoteToken === undefined ? undefined : () => remoteToken;
}
