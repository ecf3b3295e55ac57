// The typed client, exported as `haidang/client`: the routes as generated from OpenAPI, refusals as errors, and what a caller does most.
import { Api, type Problem, type Sentence, type Study, type UploadAnswer } from './generated.ts';

export type * from './generated.ts';

/** A refusal of the service: `code` to branch on, `field` at fault, `text` for a person in both languages. */
export class HaidangError extends Error {
  readonly code: string;
  readonly field: string | null;
  readonly status: number;
  readonly text: Sentence;
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: Problem, retryAfterSeconds: number | undefined) {
    super(`${problem.code}: ${problem.reason}`);
    this.name = 'HaidangError';
    this.code = problem.code;
    this.field = problem.field;
    this.status = problem.status;
    this.text = problem.text;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface ClientOptions {
  /** For example `http://127.0.0.1:8080`. */
  readonly baseUrl: string;
  readonly fetch?: typeof fetch;
  /** Sent as `Authorization: Bearer …`: a token (`haidang token`) or a key. */
  readonly token?: string;
}

export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface WaitOptions {
  /** Absent: `read`. A reading is there before its heatmaps are checked; `maps-checked` waits for both. */
  readonly until?: 'read' | 'maps-checked';
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface Client {
  /** Every route of the service's own API, by its operation id. Throws HaidangError. */
  readonly v1: Api<unknown>['v1'];
  readonly health: Api<unknown>['health'];
  /** One request for all files; the answer tells of each. Throws HaidangError when all were refused. */
  upload(files: readonly NamedFile[]): Promise<UploadAnswer>;
  /** Resolves when the study has one of its three outcomes, and with `until` its maps are checked. Throws an AbortError after `timeoutMs` (60 s where absent). */
  waitUntilRead(studyUid: string, options?: WaitOptions): Promise<Study>;
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'text' in value && 'reason' in value;
}

async function refusalOf(response: Response): Promise<Error> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  const after = Number(response.headers.get('retry-after') ?? Number.NaN);
  if (isProblem(body)) return new HaidangError(body, Number.isFinite(after) ? after : undefined);
  return new Error(`the service answered ${response.status}`);
}

const isChecking = ({ reading }: Study): boolean =>
  reading?.findings.some(({ heatmap }) => heatmap?.state === 'checking') === true;

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1000;

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });

export function createClient({ baseUrl, fetch: given = fetch, token }: ClientOptions): Client {
  const strict: typeof fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    const response = await given(input, { ...init, headers });
    if (response.ok) return response;
    throw await refusalOf(response);
  };
  let end = baseUrl.length;
  while (baseUrl[end - 1] === '/') end -= 1;
  const root = baseUrl.slice(0, end);
  const api = new Api({ baseUrl: root, customFetch: strict });

  return {
    v1: api.v1,
    health: api.health,
    async upload(files) {
      const form = new FormData();
      for (const { name, bytes } of files) form.append('file', new Blob([bytes]), name);
      const { data } = await api.request<UploadAnswer>({
        path: '/v1/studies',
        method: 'POST',
        body: form,
        type: 'multipart/form-data',
        format: 'json',
      });
      return data;
    },
    async waitUntilRead(studyUid, { until = 'read', timeoutMs = 60_000, signal } = {}) {
      const deadline = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]);
      for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
        const { data } = await api.v1.getStudy(studyUid, { signal: deadline });
        const { state } = data.progress;
        const isRead = state === 'failed' || (state === 'done' && data.reading !== null);
        if (isRead && (until === 'read' || !isChecking(data))) return data;
        await sleep(wait, deadline);
      }
    },
  };
}
