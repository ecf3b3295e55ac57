// A DIMSE port with an intake that only counts, and a raw socket to break it with.
import { connect, type Socket } from 'node:net';
import { parseDicom } from '#dicom/read/parse.ts';
import { readTags } from '#dicom/read/tags.ts';
import { CareError } from '#kernel/errors.ts';
import type { Admission } from '#interop/dimse/negotiate.ts';
import type { CommitmentReport } from '#interop/dimse/serve/commitment.ts';
import type { TlsKeys } from '#interop/dimse/send/association.ts';
import { type DimseListener, startDimse } from '#interop/dimse/serve/listener.ts';
import { APPLICATION_CONTEXT, type ProposedContext, requestBody } from '#interop/dimse/wire/associate.ts';
import { type Pdu, openReader, PDU, writePdu } from '#interop/dimse/wire/pdu.ts';

export interface TestScp extends DimseListener {
  readonly taken: Map<string, Buffer>;
  readonly told: string[];
  readonly faults: unknown[];
  readonly reports: CommitmentReport[];
  /** Studies that may be moved here. */
  readonly moving: Set<string>;
  /** Instances that came because we asked for them. */
  readonly moved: string[];
}

export interface ScpOptions {
  readonly admission?: Admission;
  readonly maxAssociations?: number;
  readonly maxDataSetBytes?: number;
  readonly requestMs?: number;
  readonly pduMs?: number;
  readonly tls?: TlsKeys;
}

export async function openScp(options: ScpOptions = {}): Promise<TestScp> {
  const taken = new Map<string, Buffer>();
  const told: string[] = [];
  const faults: unknown[] = [];
  const reports: CommitmentReport[] = [];
  const moving = new Set<string>();
  const moved: string[] = [];
  const listener = await startDimse({
    host: '127.0.0.1',
    port: 0,
    admission: options.admission ?? { aeTitle: 'HAIDANG', callers: 'any' },
    facilityId: 'local',
    moving,
    async take(bytes, { isMoved }) {
      try {
        const file = bytes ?? Buffer.alloc(0);
        const { sopInstanceUid } = readTags(parseDicom(file));
        taken.set(sopInstanceUid, file);
        if (isMoved) moved.push(sopInstanceUid);
        return { status: 'stored' };
      } catch (error) {
        if (error instanceof CareError) return { status: 'refused', error };
        throw error;
      }
    },
    judged: () => undefined,
    fault: (_event, thrown) => faults.push(thrown),
    told: (event, { reason }) => told.push(`${event}: ${reason}`),
    reported: async (report) => {
      reports.push(report);
    },
    limits: {
      idleMs: 5_000,
      pduMs: options.pduMs ?? 5_000,
      messageMs: 20_000,
      maxDataSetBytes: options.maxDataSetBytes ?? 8_000_000,
    },
    ...(options.tls !== undefined && { tls: options.tls }),
    requestMs: options.requestMs ?? 5_000,
    maxAssociations: options.maxAssociations ?? 16,
    maxHeldBytes: 32_000_000,
  });
  return { ...listener, taken, told, faults, reports, moving, moved };
}

/** Bytes of a file after its meta information. */
export const dataSetOf = (file: Buffer): Buffer => file.subarray(128 + 4 + 12 + file.readUInt32LE(128 + 4 + 8));

export interface RawPeer {
  readonly socket: Socket;
  next(): Promise<Pdu | undefined>;
}

export async function rawPeer(port: number): Promise<RawPeer> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  const reader = openReader(socket);
  return { socket, next: () => reader.next(10_000).catch(() => undefined) };
}

export const VERIFY: ProposedContext = {
  id: 1,
  abstractSyntax: '1.2.840.10008.1.1',
  transferSyntaxes: ['1.2.840.10008.1.2'],
};

export const associateBody = (contexts: readonly ProposedContext[] = [VERIFY], names = {}): Buffer =>
  requestBody({
    calledAe: 'HAIDANG',
    callingAe: 'TEST',
    applicationContext: APPLICATION_CONTEXT,
    maxLength: 16_384,
    implementationClassUid: '1.2.3',
    implementationVersion: 'TEST',
    roles: [],
    contexts,
    ...names,
  });

export const associate = ({ socket }: RawPeer, body: Buffer = associateBody()): Promise<void> =>
  writePdu(socket, PDU.request, body);
