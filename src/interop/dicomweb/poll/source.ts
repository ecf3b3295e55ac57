// Needs of polling any archive: bounded answers, the intake, and a cursor that outlives the process.
import type { AcceptedInstance, RefusedInstance } from '#kernel/acceptance.ts';
import type { PollSettings } from './settings.ts';

export interface PollDeps {
  take(bytes: Buffer | undefined, actor: string): Promise<Pick<AcceptedInstance, 'status'> | RefusedInstance>;
  /** Is it stored already? */
  has(sopInstanceUid: string): Promise<boolean>;
  readonly cursors: {
    get(room: string, key: string): Promise<{ readonly value: unknown } | undefined>;
    put(room: string, key: string, value: unknown): Promise<void>;
  };
  readonly maxInstanceBytes: number;
  now(): Date;
}

/** Where to ask and as whom. */
export type Archive = Pick<PollSettings, 'id' | 'url' | 'authorization'>;

export const CURSORS = 'dicom-poll';

/** A fixed word, nothing of an answer. */
export class PollFault extends Error {
  readonly word: string;
  constructor(word: string) {
    super(word);
    this.name = 'PollFault';
    this.word = word;
  }
}

const DEADLINE_MS = 60_000;
const LARGEST_LIST_BYTES = 32 * 1024 * 1024;

async function fetched(settings: Archive, path: string, accept: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(`${settings.url}${path}`, {
    headers: { accept, ...(settings.authorization !== undefined && { authorization: settings.authorization }) },
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
  });
  if (!response.ok && response.status !== 204) {
    await response.body?.cancel();
    throw new PollFault(`http-${response.status}`);
  }
  return response;
}

/** Undefined where it is larger than allowed; the rest is not read. */
async function bounded(response: Response, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export async function fetchJson(settings: Archive, path: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetched(settings, path, 'application/dicom+json, application/json', signal);
  if (response.status === 204) return [];
  const bytes = await bounded(response, LARGEST_LIST_BYTES);
  if (bytes === undefined) throw new PollFault('list-too-large');
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new PollFault('not-json');
  }
}

export const fetchFile = async (
  settings: Archive,
  { path, accept }: { readonly path: string; readonly accept: string },
  { signal, maxBytes }: { readonly signal: AbortSignal; readonly maxBytes: number },
): Promise<{ readonly type: string; readonly bytes: Buffer | undefined }> => {
  const response = await fetched(settings, path, accept, signal);
  return { type: response.headers.get('content-type') ?? '', bytes: await bounded(response, maxBytes) };
};

/** A refusal is final and recorded by the intake; a fault of ours stops the round, so that the cursor stays. */
export async function takeOrStop(
  bytes: Buffer | undefined,
  { id }: Pick<Archive, 'id'>,
  deps: Pick<PollDeps, 'take'>,
): Promise<void> {
  const verdict = await deps.take(bytes, `poll:${id}`);
  if (verdict.status === 'refused' && verdict.error.status >= 500) throw new PollFault('intake-busy');
}
