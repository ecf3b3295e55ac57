// Tells technical faults apart: disk full, read-only, database gone. Each has a code, so that a sender hears when to come again and a person
// what to mend; anything else stays what it is.
import type { CareError } from '#kernel/errors.ts';
import { storeErrors } from '#store/errors.ts';

const RETRY_AFTER_SECONDS = 10;

type Kind = 'disk-full' | 'read-only' | 'unreachable' | 'too-slow' | 'disk-failed' | 'text-not-storable';

/** Codes of PostgreSQL (appendix A of its manual), of Node's sockets and of the file system. */
const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['53100', 'disk-full'],
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['25006', 'read-only'],
  ['EROFS', 'read-only'],
  ['EACCES', 'read-only'],
  ['EPERM', 'read-only'],
  ['58030', 'disk-failed'],
  ['EIO', 'disk-failed'],
  ['EMFILE', 'disk-failed'],
  ['ENFILE', 'disk-failed'],
  ['57014', 'too-slow'],
  ['55P03', 'too-slow'],
  ['53300', 'unreachable'],
  ['57P01', 'unreachable'],
  ['57P02', 'unreachable'],
  ['57P03', 'unreachable'],
  ['ECONNREFUSED', 'unreachable'],
  ['ECONNRESET', 'unreachable'],
  ['EPIPE', 'unreachable'],
  ['ETIMEDOUT', 'unreachable'],
  ['ENOTFOUND', 'unreachable'],
  ['EAI_AGAIN', 'unreachable'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['22021', 'text-not-storable'],
  ['22P05', 'text-not-storable'],
]);

/** What `pg`, its pool and the embedded thread say without a code. */
const UNREACHABLE =
  /^Connection terminated|^timeout exceeded when trying to connect|^Client has encountered a connection error|^not connected|^the database thread|^Cannot use a pool after calling end/;
/** PostgreSQL's words where a system call failed: its code is that of an internal error then. */
const WORDS: readonly (readonly [RegExp, Kind])[] = [
  [/no space left on device|disk quota exceeded/i, 'disk-full'],
  [/read-only file system|permission denied/i, 'read-only'],
];

function kindOf(thrown: Error): Kind | undefined {
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  const known = KINDS.get(code);
  if (known !== undefined) return known;
  if (code.startsWith('08')) return 'unreachable';
  if (UNREACHABLE.test(thrown.message)) return 'unreachable';
  // 42501 is a missing grant, which no waiting mends.
  if (code !== '' && !/^(?:XX|58|57)/.test(code)) return undefined;
  return WORDS.find(([words]) => words.test(thrown.message))?.[1];
}

/** Undefined for what is no technical fault. `field`: the setting that names the place. */
export function technicalFault(thrown: unknown, field?: string): CareError | undefined {
  if (!(thrown instanceof Error) || thrown.name === 'CareError') return undefined;
  const kind = kindOf(thrown);
  if (kind === undefined) return undefined;
  const patience = kind === 'text-not-storable' ? {} : { retryAfterSeconds: RETRY_AFTER_SECONDS };
  return storeErrors.error(kind, { cause: thrown, ...patience, ...(field !== undefined && { field }) });
}

/** The technical fault instead of what was thrown, where it is one. */
export async function tellingFaults<T>(work: () => Promise<T>, field?: string): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw technicalFault(thrown, field) ?? thrown;
  }
}
