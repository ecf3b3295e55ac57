// DICOM over the network: the DIMSE port where the hospital has given one, and the senders of results to its PACS.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { dicomResultMessages } from '#interop/dicom-model/result-messages.ts';
import type { ResultSenderDeps } from '#interop/dicom-model/result-sender.ts';
import { stowSender, stowTarget } from '#interop/dicomweb/stow-sender.ts';
import type { RefusalAudit } from '#http/refusal-audit.ts';
import type { Admission } from '#interop/dimse/negotiate.ts';
import { type Commitments, openCommitments } from '#interop/dimse/send/commitments.ts';
import { dimseSender, dimseTarget, type Receiver } from '#interop/dimse/send/result-sender.ts';
import type { TlsKeys } from '#interop/dimse/send/association.ts';
import { startDimse } from '#interop/dimse/serve/listener.ts';
import type { Store } from '#store/store.ts';
import type { Config } from './config.ts';
import { configErrors, interopErrors } from './errors.ts';
import type { Here } from './context.ts';
import { readSecretFile } from './secret-file.ts';
import type { Owner } from './closing.ts';
import type { Take } from './intake.ts';

const MIB = 1024 * 1024;
const LIMITS = { idleMs: 60_000, pduMs: 30_000, messageMs: 5 * 60_000 };
const REQUEST_MS = 10_000;
const MOST_ASSOCIATIONS = 64;
/** Of all data sets on their way in, beside what the intake holds. */
const HELD_BYTES = 192 * MIB;

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');

/** Throws `interop.site`. */
function tlsKeys({ config, site }: Pick<Here, 'config' | 'site'>): TlsKeys | undefined {
  const { tls } = site.dicom;
  if (tls === undefined) return undefined;
  const at = (field: 'certificate' | 'key' | 'authorities') => resolve(dirname(config.siteFile ?? ''), tls[field]);
  const refusedAs = (field: string) => (reason: string, cause?: unknown) =>
    interopErrors.error('site', { field: `dicom.tls.${field}`, reason, ...(cause !== undefined && { cause }) });
  const open = (field: 'certificate' | 'authorities'): string => {
    try {
      return readFileSync(at(field), 'utf8');
    } catch (cause) {
      throw refusedAs(field)('the file cannot be read', cause);
    }
  };
  const key = readSecretFile(at('key'), refusedAs('key'));
  const keys = { cert: open('certificate'), key, ca: open('authorities') };
  try {
    createSecureContext(keys);
  } catch (cause) {
    throw interopErrors.error('site', {
      field: 'dicom.tls',
      reason: 'not PEM, or the key is of another certificate',
      cause,
    });
  }
  return keys;
}

/** Throws `interop.site` where TLS is asked for and there are no keys. */
export function withTls<Peer extends { readonly tls: boolean }>(
  { tls, ...peer }: Peer,
  here: Pick<Here, 'config' | 'site'>,
): Omit<Peer, 'tls'> & { readonly tls?: TlsKeys } {
  if (!tls) return peer;
  const keys = tlsKeys(here);
  if (keys === undefined)
    throw interopErrors.error('site', {
      field: 'dicom.tls',
      reason: 'a peer is called with TLS, and no keys are given',
    });
  return { ...peer, tls: keys };
}

/** `AET@host:port`, also `AET@[::1]:104`. */
function receiverOf(text: string): Receiver {
  const at = text.indexOf('@');
  const colon = text.lastIndexOf(':');
  return {
    aeTitle: text.slice(0, at),
    host: text.slice(at + 1, colon).replaceAll(/[[\]]/g, ''),
    port: Number(text.slice(colon + 1)),
  };
}

/** Throws `config.invalid` where other machines can reach the port and the senders of films are not named. */
function admissionOf({ dicom }: Config): Admission {
  const { aeTitle, host, accept = isLoopback(host) ? ['*'] : [] } = dicom;
  const field = 'HAIDANG_DICOM_ACCEPT';
  if (accept.length === 0)
    throw configErrors.error('invalid', {
      field,
      reason: 'must name the calling AE titles on an address that others reach',
    });
  if (!accept.includes('*')) {
    const callers = accept.map((each) => {
      const [title = '', address] = each.split('@');
      return { aeTitle: title, ...(address !== undefined && { address }) };
    });
    return { aeTitle, callers };
  }
  if (!isLoopback(host)) throw configErrors.error('invalid', { field, reason: '* is for a loopback address only' });
  return { aeTitle, callers: 'any' };
}

function asSetting(cause: unknown, field: string): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'EADDRINUSE' || code === 'EACCES'
    ? configErrors.error('invalid', { field, reason: `cannot be listened on (${code})`, cause })
    : cause;
}

export interface Pacs {
  readonly senders: ReturnType<typeof dimseSender>[];
  readonly commitments: Commitments;
}

const receiversOf = (here: Pick<Here, 'config' | 'site'>): Receiver[] => [
  ...here.config.dicom.send.map(receiverOf),
  ...here.site.dicom.send.map((receiver) => withTls(receiver, here)),
];

export const pacsMessages = ({ config, site }: Pick<Here, 'config' | 'site'>) =>
  dicomResultMessages([...receiversOf({ config, site }).map(dimseTarget), ...site.dicom.stow.map(stowTarget)]);

export async function openPacs(
  { config, site }: Pick<Here, 'config' | 'site'>,
  deps: ResultSenderDeps,
  store: Pick<Store, 'facility'>,
): Promise<Pacs> {
  const commitments = openCommitments(await store.facility(site.facility));
  const dimse = { ...deps, aeTitle: config.dicom.aeTitle, commitments };
  return {
    commitments,
    senders: [
      ...receiversOf({ config, site }).map((receiver) => dimseSender(receiver, dimse)),
      ...site.dicom.stow.map((server) => stowSender(server, deps)),
    ],
  };
}

export interface DimseRooms {
  readonly refusals: Pick<RefusalAudit, 'note'>;
  readonly take: Take;
  readonly commitments: Commitments;
  /** UIDs of the studies that a PACS moves to this port at our wish. */
  readonly moving: ReadonlySet<string>;
}

/** Throws `config.invalid` where the port is taken, or where it is not said who may send; `interop.site` where keys are wrong. */
export async function openDimseDoor(
  here: Here,
  { take, commitments, moving, refusals }: DimseRooms,
  { own }: Owner,
): Promise<void> {
  const { config, fault, log, metrics, site } = here;
  const tls = tlsKeys(here);
  const doors = [
    ...(config.dicom.port === undefined ? [] : [{ port: config.dicom.port }]),
    ...(site.dicom.tls?.port === undefined || tls === undefined ? [] : [{ port: site.dicom.tls.port, tls }]),
  ];
  for (const door of doors) {
    const listener = await own(
      startDimse({
        ...door,
        host: config.dicom.host,
        admission: admissionOf(config),
        // DICOM names no facility of ours: its door belongs to the one that is here.
        facilityId: site.facility,
        take: (bytes, { isMoved, ...from }) => take(bytes, { ...from, ...(isMoved && { fetched: true }) }),
        moving,
        judged: metrics.instanceJudged,
        fault,
        told(event, { ae, address, reason }) {
          log({ level: 'warn', event: `dimse ${event}`, ae, address, reason });
          if (event === 'association rejected')
            refusals.note({
              facilityId: site.facility,
              actor: `dimse:${ae}`,
              action: 'access.refused',
              route: 'DIMSE',
              address,
              code: `association-rejected ${reason}`,
            });
        },
        reported: async (report) => {
          const heard = await commitments.reported(report);
          if (heard !== 'heard')
            log({ level: 'warn', event: 'storage commitment', reason: heard, failed: report.failed.length });
        },
        limits: { ...LIMITS, maxDataSetBytes: config.maxUploadBytes },
        requestMs: REQUEST_MS,
        maxAssociations: MOST_ASSOCIATIONS,
        maxHeldBytes: Math.max(HELD_BYTES, config.maxUploadBytes),
      }).catch((cause: unknown) => {
        throw asSetting(cause, 'tls' in door ? 'dicom.tls.port' : 'HAIDANG_DICOM_PORT');
      }),
      (started) => started.close(),
    );
    log({ level: 'info', event: 'dimse listening', port: listener.port, tls: 'tls' in door });
  }
}
