// Results to a PACS by C-STORE, with storage commitment where the peer offers it.
import type { Delivery, Sender } from '#delivery/ports.ts';
import { resultSender, type ResultSenderDeps } from '#interop/dicom-model/result-sender.ts';
import { WireFault } from '#interop/dimse/wire/fault.ts';
import type { Commitments, Expected } from './commitments.ts';
import type { Remote } from './association.ts';
import { type Stored, storeObjects } from './store-objects.ts';

export interface Receiver {
  readonly aeTitle: string;
  readonly host: string;
  readonly port: number;
  /** The PACS speaks TLS. */
  readonly tls?: Remote['tls'];
}

export const dimseTarget = ({ aeTitle, host, port }: Receiver): string => `dimse:${aeTitle}@${host}:${port}`;

export interface DimseSenderDeps extends ResultSenderDeps {
  /** Our own AE title. */
  readonly aeTitle: string;
  readonly commitments: Commitments;
}

/** Out of resources and processing failure pass; a class that is not taken, or a data set that is not understood, does not. */
const mayPass = (status: number): boolean => (status & 0xff00) === 0xa700 || status === 0x0110;

async function judged({ failures, commitment }: Stored, expected: Expected): Promise<Delivery> {
  const lasting = failures.find(({ status }) => !mayPass(status));
  if (lasting !== undefined)
    return { kind: 'refused', reason: `c-store-${lasting.status.toString(16).padStart(4, '0')}` };
  if (failures.length > 0) return { kind: 'later', reason: 'c-store-out-of-resources' };
  if (commitment === 'none') return { kind: 'delivered' };
  const report = commitment === 'asked' ? await expected.report() : commitment;
  return report === undefined || report.failed.length === 0
    ? { kind: 'delivered' }
    : { kind: 'later', reason: 'commitment-failed' };
}

export const dimseSender = (receiver: Receiver, deps: DimseSenderDeps): Sender =>
  resultSender(dimseTarget(receiver), deps, async (files, message, signal) => {
    const { host, port, aeTitle: calledAe, tls } = receiver;
    const remote: Remote = { host, port, calledAe, callingAe: deps.aeTitle, ...(tls !== undefined && { tls }) };
    const expected = deps.commitments.expect(message);
    try {
      const stored = await storeObjects(remote, files, { signal, transactionUid: expected.transactionUid });
      return await judged(stored, expected);
    } catch (thrown) {
      if (thrown instanceof WireFault) return { kind: 'later', reason: `dimse-${thrown.word}` };
      throw thrown;
    } finally {
      expected.close();
    }
  });
