// DICOM over the network: the DIMSE port where the hospital has given one, and the senders of results to its PACS.
import { LOCAL_FACILITY } from '#access/identity.ts';
import { dicomResultMessages } from '#interop/dicom-model/result-messages.ts';
import type { ResultSenderDeps } from '#interop/dicom-model/result-sender.ts';
import { stowSender, stowTarget } from '#interop/dicomweb/stow-sender.ts';
import type { Admission } from '#interop/dimse/negotiate.ts';
import { type Commitments, openCommitments } from '#interop/dimse/send/commitments.ts';
import { dimseSender, dimseTarget, type Receiver } from '#interop/dimse/send/result-sender.ts';
import { startDimse } from '#interop/dimse/serve/listener.ts';
import type { Store } from '#store/store.ts';
import type { Config } from './config.ts';
import { configErrors } from './errors.ts';
import type { Here } from './context.ts';
import type { Owner } from './closing.ts';
import type { Take } from './intake.ts';

const MIB = 1024 * 1024;
const LIMITS = { idleMs: 60_000, pduMs: 30_000, messageMs: 5 * 60_000 };
const REQUEST_MS = 10_000;
const MOST_ASSOCIATIONS = 64;
/** Of all data sets on their way in, beside what the intake holds. */
const HELD_BYTES = 192 * MIB;

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');

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

/** Throws `config.invalid`: whoever may send patients' films must be named where others can reach the port. */
function admissionOf({ dicom, host }: Config): Admission {
  const { aeTitle, accept = isLoopback(host) ? ['*'] : [] } = dicom;
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

function asSetting(cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'EADDRINUSE' || code === 'EACCES'
    ? configErrors.error('invalid', { field: 'HAIDANG_DICOM_PORT', reason: `cannot be listened on (${code})`, cause })
    : cause;
}

export interface Pacs {
  readonly senders: ReturnType<typeof dimseSender>[];
  readonly commitments: Commitments;
}

export const pacsMessages = ({ config, site }: Pick<Here, 'config' | 'site'>) =>
  dicomResultMessages([
    ...config.dicom.send.map((text) => dimseTarget(receiverOf(text))),
    ...site.dicom.stow.map(stowTarget),
  ]);

export async function openPacs(
  { config, site }: Pick<Here, 'config' | 'site'>,
  deps: ResultSenderDeps,
  store: Pick<Store, 'facility'>,
): Promise<Pacs> {
  const commitments = openCommitments(await store.facility(LOCAL_FACILITY));
  const dimse = { ...deps, aeTitle: config.dicom.aeTitle, commitments };
  return {
    commitments,
    senders: [
      ...config.dicom.send.map((text) => dimseSender(receiverOf(text), dimse)),
      ...site.dicom.stow.map((server) => stowSender(server, deps)),
    ],
  };
}

/** Throws `config.invalid` where the port is taken, or where it is not said who may send. */
export async function openDimseDoor(
  { config, fault, log, metrics }: Here,
  { take, commitments }: { readonly take: Take; readonly commitments: Commitments },
  { own }: Owner,
): Promise<void> {
  const { port } = config.dicom;
  if (port === undefined) return;
  const listener = await own(
    startDimse({
      host: config.host,
      port,
      admission: admissionOf(config),
      // DICOM names no facility of ours: its door belongs to the one that is here.
      facilityId: LOCAL_FACILITY,
      take,
      judged: metrics.instanceJudged,
      fault,
      told: (event, { ae, reason }) => log({ level: 'warn', event: `dimse ${event}`, ae, reason }),
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
      throw asSetting(cause);
    }),
    (started) => started.close(),
  );
  log({ level: 'info', event: 'dimse listening', port: listener.port });
}
