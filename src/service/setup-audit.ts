// Audit of changed settings and models: at each start the effective settings and the models with their hashes are compared with what
// the last start had, and every difference becomes an entry of the audit trail. Of several services on one database each is compared with its
// own last start, and a new one with the start that changed something last. While it runs, a changed folder of models is compared in the same way.
import { createHmac } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { z } from 'zod';
import type { TokenKey } from '#access/token-key.ts';
import type { AuditEntry } from '#kernel/audit-entry.ts';
import type { Store } from '#store/store.ts';
import type { Here } from './context.ts';
import { replicaIn } from './replica-id.ts';
import type { Rooms } from './rooms.ts';
import { packageVersion } from './version.ts';

const ROOM = 'setup';
/** Of the start that changed something last. */
const LATEST = 'effective';

/** Name by dots → what it is, without secrets. */
export type Setup = Readonly<Record<string, string>>;

const stored = z.record(z.string(), z.string());

/** Names whose values nobody may read here; addresses hold passwords, and the paths of some webhooks are keys. */
const SECRET = /password|secret|key|authorization|token|databaseurl/i;
const ADDRESS = /^[a-z][a-z0-9+]*:\/\//i;
const LONGEST = 200;

interface Fingerprint {
  /** Keyed, so that a short password cannot be found by trying. */
  (text: string): string;
}

export const fingerprintWith =
  (secret: string): Fingerprint =>
  (text) =>
    `hmac:${createHmac('sha256', secret).update(`setup ${text}`).digest('hex').slice(0, 16)}`;

function shown(name: string, value: string, fingerprint: Fingerprint): string {
  if (SECRET.test(name)) return fingerprint(value);
  if (ADDRESS.test(value)) {
    const { protocol, host, pathname, username, search } = new URL(value);
    const rest = username === '' && search === '' && pathname.length <= 1 ? '' : ` ${fingerprint(value)}`;
    return `${protocol}//${host}${rest}`;
  }
  return value.length > LONGEST ? fingerprint(value) : value;
}

/** Leaves by their path; an entry of a list by its place. */
function* leavesOf(value: unknown, path: string): Generator<readonly [name: string, text: string]> {
  if (value === undefined || typeof value === 'function') return;
  if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) yield* leavesOf(member, path === '' ? key : `${path}.${key}`);
    return;
  }
  yield [path, String(value)];
}

export function settingsSetup({ config, site }: Pick<Here, 'config' | 'site'>, fingerprint: Fingerprint): Setup {
  const leaves = [...leavesOf(config, 'config'), ...leavesOf(site, 'site')];
  return Object.fromEntries(leaves.map(([name, text]) => [name, shown(name, text, fingerprint)]));
}

type Folders = Pick<Rooms, 'models' | 'refused' | 'library'>;

function modelsSetup({ models, refused, library }: Folders): Setup {
  const files = models.flatMap(({ manifest, calibration }, at) => {
    const { id, version } = manifest;
    // The first is what the files of the model itself describe; the others lie beside it under their number.
    const isFirst = models.findIndex((each) => each.manifest.id === id) === at;
    const name = isFirst ? `model.${id}` : `model.${id}/${version}`;
    return [
      ...manifest.files.map(({ precision, sha256 }) => [`${name}.${precision}`, `${version} ${sha256}`] as const),
      [`${name}.calibration`, calibration.version] as const,
    ];
  });
  const equations = [...library.equations].map(
    ([id, { equation, modelSha256 }]) => [`model.risk-${id}`, `${equation.data.version} ${modelSha256}`] as const,
  );
  const away = [...refused, ...library.refused].map(({ folder, code }) => [`model.${folder}.refused`, code] as const);
  return Object.fromEntries([...files, ...equations, ...away]);
}

/** The account under which the service was started is who changed them, as far as the service can know. */
const operator = (): string => `operator:${userInfo().username}@${hostname()}`.slice(0, 200);

export function changesOf(before: Setup, now: Setup, actor: string): AuditEntry[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].toSorted();
  return names.flatMap((name) => {
    const [old, fresh] = [before[name], now[name]];
    if (old === fresh) return [];
    const isModel = name.startsWith('model.');
    return {
      actor,
      ...(isModel ? { action: 'model.changed' } : { action: 'settings.changed' }),
      subjectType: isModel ? 'model' : 'setting',
      subjectId: name.slice(0, 200),
      detail: { before: old ?? null, after: fresh ?? null },
    };
  });
}

/** The entries come first: a start that is cut off between says a change twice, and never not at all. */
export async function auditSetup(
  here: Pick<Here, 'config' | 'site'>,
  rooms: Folders & { readonly store: Pick<Store, 'facility'> },
  key: TokenKey,
): Promise<void> {
  const fingerprint = fingerprintWith(String(key.d));
  const now = { version: packageVersion(), ...settingsSetup(here, fingerprint), ...modelsSetup(rooms) };
  const { audit, records } = await rooms.store.facility(here.site.facility);
  const { databaseUrl, dataDir } = here.config;
  const own = databaseUrl === undefined ? LATEST : `replica ${await replicaIn(dataDir)}`;
  const recorded = async (name: string) => stored.safeParse((await records.get(ROOM, name))?.value).data;
  const ownBefore = await recorded(own);
  const before = ownBefore ?? (await recorded(LATEST));
  const actor = operator();
  const first = {
    actor,
    action: 'settings.recorded',
    subjectType: 'setting',
    subjectId: 'all',
    detail: { settings: now },
  };
  const entries = before === undefined ? [first] : changesOf(before, now, actor);
  if (entries.length > 0) {
    await audit.appendAll(entries);
    await records.put(ROOM, LATEST, now);
  }
  if (own !== LATEST && (entries.length > 0 || ownBefore === undefined)) await records.put(ROOM, own, now);
}
