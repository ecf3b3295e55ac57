// Speaks HisPro's wire: login at ACS, calls with a token, JSON whatever the content type says, and failure where `Success` is not true.
import { z } from 'zod';
import { hisproErrors } from '#interop/hispro/errors.ts';

export interface HisServers {
  /** Bases without a trailing slash. */
  readonly acs: string;
  readonly mos: string;
  readonly sda: string;
}

export interface HisAccount {
  readonly loginName: string;
  readonly password: string;
  readonly applicationCode: string;
}

export interface HisClientOptions {
  readonly servers: HisServers;
  readonly account: HisAccount;
  readonly timeoutMs: number;
}

export interface HisCall {
  readonly server: keyof HisServers;
  /** For example `HisTreatment/GetForEmr`. */
  readonly action: string;
  readonly data: unknown;
  readonly signal?: AbortSignal;
}

export interface HisClient {
  /** `GET ?param=base64(JSON)`. Gives `Data`, or null where there is none. Throws hispro.unreachable, hispro.refused, hispro.login. */
  get(call: HisCall): Promise<unknown>;
  /** `POST {CommonParam, ApiData}`. As `get`. */
  post(call: HisCall): Promise<unknown>;
}

/** Calls that overwrite and sign a report or close an order: never made, whoever asks (design law 11). */
const ALLOWED_ACTIONS = new Set([
  'HisTreatment/GetClinicalDetailForEmr',
  'HisTreatment/GetForEmr',
  'SdaNotify/Create',
  'SdaNotify/Get',
]);

const MAX_BYTES = 20 * 1024 * 1024;

const envelope = z.looseObject({
  // HisPro leaves nulls out.
  Data: z.unknown().optional(),
  Success: z.boolean().nullish(),
  Param: z.looseObject({ BugCodes: z.array(z.unknown()).nullish() }).nullish(),
});

const login = z.looseObject({
  Data: z.looseObject({ TokenCode: z.string().min(1) }).nullish(),
  TokenCode: z.string().min(1).nullish(),
});

/** Codes only: HisPro's messages may name the patient. */
const bugCodes = (param: z.infer<typeof envelope>['Param']): string =>
  (param?.BugCodes ?? [])
    .map(String)
    .filter((code) => /^[\w.-]{1,40}$/.test(code))
    .join(',') || 'no code';

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw hisproErrors.error('unreachable', { reason: 'the answer is too long' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\u{feff}/u, '');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // An exception inside HisPro gives an empty body.
    throw hisproErrors.error('unreachable', {
      reason: text.trim() === '' ? 'empty answer' : 'answer is not JSON',
      cause,
    });
  }
}

export function openHisClient({ servers, account, timeoutMs }: HisClientOptions): HisClient {
  let token: Promise<string> | undefined;

  async function send(address: string, init: RequestInit, signal: AbortSignal | undefined): Promise<Response> {
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      return await fetch(address, {
        ...init,
        redirect: 'error',
        signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
      });
    } catch (cause) {
      throw hisproErrors.error('unreachable', { reason: cause instanceof Error ? cause.name : 'no answer', cause });
    }
  }

  async function logIn(): Promise<string> {
    const basic = Buffer.from(`${account.loginName}:${account.password}`, 'utf8').toString('base64');
    const headers = { authorization: `Basic ${basic}`, ApplicationCode: account.applicationCode };
    const response = await send(`${servers.acs}/api/Token/Login`, { headers }, undefined);
    if (!response.ok) {
      await response.body?.cancel();
      throw hisproErrors.error('login', { reason: `HTTP ${response.status}` });
    }
    const parsed = login.safeParse(parseJson(await readText(response)));
    const code = parsed.data?.Data?.TokenCode ?? parsed.data?.TokenCode;
    if (code === null || code === undefined) throw hisproErrors.error('login', { reason: 'no token in the answer' });
    return code;
  }

  /** One login for all calls that wait for it; a failed one is forgotten. */
  function currentToken(): Promise<string> {
    token ??= logIn().catch((error: unknown) => {
      token = undefined;
      throw error;
    });
    return token;
  }

  async function authorised(address: string, init: RequestInit, signal: AbortSignal | undefined): Promise<Response> {
    const attempt = async (): Promise<Response> =>
      send(
        address,
        {
          ...init,
          headers: {
            'content-type': 'application/json',
            TokenCode: await currentToken(),
            ApplicationCode: account.applicationCode,
          },
        },
        signal,
      );
    const first = await attempt();
    if (first.status !== 401) return first;
    await first.body?.cancel();
    token = undefined;
    return attempt();
  }

  async function dataOf(response: Response): Promise<unknown> {
    if (!response.ok) {
      await response.body?.cancel();
      const name = response.status === 401 ? 'login' : 'unreachable';
      throw hisproErrors.error(name, { reason: `HTTP ${response.status}` });
    }
    const parsed = envelope.safeParse(parseJson(await readText(response)));
    if (!parsed.success) throw hisproErrors.error('refused', { reason: 'the answer has not the known form' });
    if (parsed.data.Success !== true) throw hisproErrors.error('refused', { reason: bugCodes(parsed.data.Param) });
    return parsed.data.Data ?? null;
  }

  function addressOf({ server, action }: HisCall): string {
    if (!ALLOWED_ACTIONS.has(action)) throw new Error('this HisPro action is not on the list of allowed ones');
    return `${servers[server]}/api/${action}`;
  }

  return {
    async get(call) {
      const param = Buffer.from(JSON.stringify({ CommonParam: {}, ApiData: call.data }), 'utf8').toString('base64');
      return dataOf(await authorised(`${addressOf(call)}?param=${encodeURIComponent(param)}`, {}, call.signal));
    },
    async post(call) {
      const body = JSON.stringify({ CommonParam: {}, ApiData: call.data });
      return dataOf(await authorised(addressOf(call), { method: 'POST', body }, call.signal));
    },
  };
}
