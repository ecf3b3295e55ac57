// The DIMSE port from a sender's side: who is let in, what is kept, and what happens to those who break the rules.
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parseDicom } from '#dicom/read/parse.ts';
import { readTags } from '#dicom/read/tags.ts';
import { STORAGE_COMMITMENT, TRANSFER_SYNTAXES } from '#interop/dimse/classes.ts';
import { openAssociation } from '#interop/dimse/send/association.ts';
import { storeObjects } from '#interop/dimse/send/store-objects.ts';
import { readAccept } from '#interop/dimse/wire/associate.ts';
import { COMMAND, writeCommand } from '#interop/dimse/wire/command.ts';
import { u32 } from '#interop/dimse/wire/bytes.ts';
import { PDU, writePdu } from '#interop/dimse/wire/pdu.ts';
import { encodeDataSet, sequence, text } from '#dicom/write/element.ts';
import { filmDicom } from '../../fixtures/film.ts';
import {
  associate,
  associateBody,
  dataSetOf,
  openScp,
  type RawPeer,
  rawPeer,
  type ScpOptions,
  type TestScp,
  VERIFY,
} from './support.ts';

vi.setConfig({ testTimeout: 1_200_000 });

/** HAIDANG_FUZZ_RUNS=10000 for a long run. */
const RUNS = Number(process.env['HAIDANG_FUZZ_RUNS'] ?? 300);
/** Four files of this process are open for each thousand connections of both sides. */
const IDLE = RUNS > 1_000 ? 1_000 : 200;

let scp: TestScp | undefined;
const open = async (options?: ScpOptions): Promise<TestScp> => {
  scp = await openScp(options);
  return scp;
};
afterEach(async () => {
  await scp?.close();
  scp = undefined;
});

const DX = '1.2.840.10008.5.1.4.1.1.1.1';
const remote = ({ port }: TestScp) => ({ host: '127.0.0.1', port, calledAe: 'HAIDANG', callingAe: 'TEST' });
const signal = () => ({ signal: AbortSignal.timeout(30_000) });

async function cStore(peer: TestScp, file: Buffer, syntax: string, uid?: string) {
  const association = await openAssociation(
    remote(peer),
    [{ id: 1, abstractSyntax: DX, transferSyntaxes: [syntax] }],
    signal(),
  );
  const { sopInstanceUid } = readTags(parseDicom(file));
  const answer = await association.ask({
    contextId: 1,
    command: {
      field: COMMAND.storeRequest,
      sopClassUid: DX,
      sopInstanceUid: uid ?? sopInstanceUid,
      messageId: 7,
      priority: 0,
    },
    dataSet: dataSetOf(file),
  });
  await association.release();
  return answer.command;
}

describe('an association', () => {
  test('is accepted, echoed and released', async () => {
    const association = await openAssociation(remote(await open()), [VERIFY], signal());
    const { command } = await association.ask({
      contextId: 1,
      command: { field: COMMAND.echoRequest, sopClassUid: VERIFY.abstractSyntax, messageId: 3 },
    });
    expect(command).toMatchObject({ field: COMMAND.echoReply, repliedTo: 3, status: 0, hasDataSet: false });
    await association.release();
    expect(scp?.told).toEqual([]);
  });

  test.each([
    ['another called AE title', { calledAe: 'OTHER' }, '1.1.7'],
    ['an unknown calling AE title', { callingAe: 'STRANGER' }, '1.1.3'],
    ['another application context', { applicationContext: '1.2.3' }, '1.1.2'],
  ])('is rejected for %s', async (_, names, reason) => {
    const peer = await rawPeer(
      (await open({ admission: { aeTitle: 'HAIDANG', callers: [{ aeTitle: 'TEST' }] } })).port,
    );
    await associate(peer, associateBody([VERIFY], names));
    const answer = await peer.next();
    expect(answer?.type).toBe(PDU.reject);
    expect([...(answer?.body.subarray(1) ?? [])].join('.')).toBe(reason);
  });

  test('is rejected from another address than the one named for its AE title', async () => {
    const admission = { aeTitle: 'HAIDANG', callers: [{ aeTitle: 'TEST', address: '10.0.0.7' }] };
    await expect(openAssociation(remote(await open({ admission })), [VERIFY], signal())).rejects.toThrow(
      /rejected: 1\.1\.3/,
    );
  });

  test('beyond the limit is rejected as transient, and the next one is welcome when one has ended', async () => {
    const port = await open({ maxAssociations: 1 });
    const first = await openAssociation(remote(port), [VERIFY], signal());
    await expect(openAssociation(remote(port), [VERIFY], signal())).rejects.toThrow(/rejected: 2\.3\.2/);
    await first.release();
    await vi.waitFor(async () => (await openAssociation(remote(port), [VERIFY], signal())).release());
  });

  test('gets each context answered: accepted, class unknown, no syntax that is known', async () => {
    const peer = await rawPeer((await open()).port);
    await associate(
      peer,
      associateBody([
        {
          id: 1,
          abstractSyntax: DX,
          transferSyntaxes: ['1.2.840.10008.1.2.4.110', '1.2.840.10008.1.2.4.80', '1.2.840.10008.1.2'],
        },
        { id: 3, abstractSyntax: '1.2.3.4', transferSyntaxes: ['1.2.840.10008.1.2'] },
        { id: 5, abstractSyntax: DX, transferSyntaxes: ['1.2.840.10008.1.2.4.110'] },
      ]),
    );
    const answer = await peer.next();
    expect(readAccept(answer!.body).contexts).toMatchObject([
      { id: 1, result: 0, transferSyntax: '1.2.840.10008.1.2.4.80' },
      { id: 3, result: 3 },
      { id: 5, result: 4 },
    ]);
    peer.socket.destroy();
  });
});

describe('C-STORE', () => {
  test.each([
    'explicit-little',
    'implicit-little',
    'explicit-big',
    'deflated',
    'jpeg-lossless',
    'jpeg-ls',
    'jpeg-2000',
    'htj2k',
    'rle',
  ] as const)('keeps the data set in the syntax in which it came: %s', async (syntax) => {
    const file = await filmDicom({ study: `dimse-${syntax}`, syntax });
    const { transferSyntaxUid, sopInstanceUid } = readTags(parseDicom(file));
    const port = await open();
    expect(TRANSFER_SYNTAXES.has(transferSyntaxUid)).toBe(true);
    expect(await cStore(port, file, transferSyntaxUid)).toMatchObject({
      field: COMMAND.storeReply,
      repliedTo: 7,
      status: 0,
    });
    const kept = port.taken.get(sopInstanceUid)!;
    expect(readTags(parseDicom(kept)).transferSyntaxUid).toBe(transferSyntaxUid);
    expect(dataSetOf(kept).equals(dataSetOf(file))).toBe(true);
  });

  test('refuses a data set that speaks of another instance than its command', async () => {
    const port = await open();
    expect(await cStore(port, await filmDicom(), '1.2.840.10008.1.2.1', '1.2.3')).toMatchObject({ status: 0xa900 });
    expect(port.taken.size).toBe(0);
  });

  test('refuses a broken data set with the reason of the intake, and serves on', async () => {
    const port = await open();
    const cut = (await filmDicom()).subarray(0, 2000);
    const association = await openAssociation(
      remote(port),
      [{ id: 1, abstractSyntax: DX, transferSyntaxes: ['1.2.840.10008.1.2.1'] }],
      signal(),
    );
    const ask = (dataSet: Buffer, uid: string) =>
      association.ask({
        contextId: 1,
        command: { field: COMMAND.storeRequest, sopClassUid: DX, sopInstanceUid: uid, messageId: 1 },
        dataSet,
      });
    expect((await ask(dataSetOf(cut), '1.2.3')).command.status).toBe(0xc000);
    const whole = await filmDicom();
    expect((await ask(dataSetOf(whole), readTags(parseDicom(whole)).sopInstanceUid)).command.status).toBe(0);
    await association.release();
  });

  test('refuses what is larger than allowed as out of resources, without holding it', async () => {
    const port = await open({ maxDataSetBytes: 4_000 });
    expect(await cStore(port, await filmDicom(), '1.2.840.10008.1.2.1')).toMatchObject({ status: 0xa700 });
    expect(port.taken.size).toBe(0);
  });

  test('takes many associations at once, each instance once', async () => {
    const port = await open();
    const files = await Promise.all(Array.from({ length: 24 }, (_, at) => filmDicom({ study: `many-${at}` })));
    const objects = files.map((bytes) => ({ ...readTags(parseDicom(bytes)), bytes }));
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, at) => storeObjects(remote(port), objects.slice(3 * at, 3 * at + 3), signal())),
    );
    expect(results.flatMap(({ failures }) => failures)).toEqual([]);
    expect(port.taken.size).toBe(24);
  });
});

test('a report of storage commitment is read and answered', async () => {
  const port = await open();
  const association = await openAssociation(
    remote(port),
    [{ id: 1, abstractSyntax: STORAGE_COMMITMENT, transferSyntaxes: ['1.2.840.10008.1.2'] }],
    signal(),
  );
  const reference = (uid: string) => [text(0x00081150, 'UI', DX), text(0x00081155, 'UI', uid)];
  const { command } = await association.ask({
    contextId: 1,
    command: {
      field: COMMAND.eventRequest,
      sopClassUid: STORAGE_COMMITMENT,
      sopInstanceUid: '1.2.840.10008.1.20.1.1',
      messageId: 5,
      eventType: 2,
    },
    dataSet: encodeDataSet(
      [text(0x00081195, 'UI', '1.2.9'), sequence(0x00081199, reference('1.1')), sequence(0x00081198, reference('1.2'))],
      'implicit-little',
    ),
  });
  expect(command).toMatchObject({ field: COMMAND.eventReply, status: 0 });
  expect(port.reports).toEqual([{ transactionUid: '1.2.9', committed: ['1.1'], failed: ['1.2'] }]);
  await association.release();
});

const echo = (): Buffer => {
  const command = writeCommand({ field: COMMAND.echoRequest, sopClassUid: VERIFY.abstractSyntax, messageId: 1 });
  return Buffer.concat([u32(command.length + 2), Buffer.from([1, 3]), command]);
};

async function isHealthy(port: TestScp): Promise<void> {
  const association = await openAssociation(remote(port), [VERIFY], signal());
  const { command } = await association.ask({
    contextId: 1,
    command: { field: COMMAND.echoRequest, sopClassUid: VERIFY.abstractSyntax, messageId: 3 },
  });
  expect(command.status).toBe(0);
  await association.release();
}

describe('a peer that breaks the rules', () => {
  test('a PDU that claims four gigabytes is aborted at its header', async () => {
    const port = await open();
    const peer = await rawPeer(port.port);
    peer.socket.write(Buffer.from([1, 0, 0xff, 0xff, 0xff, 0xff]));
    expect((await peer.next())?.type).toBe(PDU.abort);
    expect(port.told).toEqual(['association aborted: pdu-too-large']);
  });

  test('a connection that says nothing, or stops inside a PDU, is closed in time', async () => {
    const port = await open({ requestMs: 150, pduMs: 150 });
    const silent = await rawPeer(port.port);
    await silent.next();
    const half = await rawPeer(port.port);
    await associate(half);
    await half.next();
    half.socket.write(Buffer.concat([Buffer.from([4, 0]), u32(echo().length), echo().subarray(0, 9)]));
    await new Promise((resolve) => half.socket.once('close', resolve));
    expect(port.told).toContain('association aborted: too-slow');
    await isHealthy(port);
  });

  test('data before an association, a context that was not agreed, data before a command: aborted', async () => {
    const port = await open();
    const send = async (prepare: (peer: RawPeer) => Promise<void>, body: Buffer) => {
      const peer = await rawPeer(port.port);
      await prepare(peer);
      await writePdu(peer.socket, PDU.data, body);
      return (await peer.next())?.type;
    };
    const greet = async (peer: RawPeer): Promise<void> => {
      await associate(peer);
      await peer.next();
    };
    const otherContext = Buffer.from(echo());
    otherContext[4] = 9;
    const dataFirst = Buffer.from(echo());
    dataFirst[5] = 2;
    expect(await send(async () => undefined, echo())).toBe(PDU.abort);
    expect(await send(greet, otherContext)).toBe(PDU.abort);
    expect(await send(greet, dataFirst)).toBe(PDU.abort);
    await isHealthy(port);
  });

  test(`${IDLE} silent connections do not keep others out for long`, async () => {
    const port = await open({ requestMs: 300, maxAssociations: 16 });
    const peers = await Promise.all(Array.from({ length: IDLE }, () => rawPeer(port.port)));
    await vi.waitFor(() => isHealthy(port), { timeout: 10_000, interval: 100 });
    for (const { socket } of peers) socket.destroy();
    expect(port.faults).toEqual([]);
  });

  test('mutated associations and messages never hang, never crash, and leave nothing stored', async () => {
    const port = await open({ requestMs: 400, pduMs: 400, maxAssociations: 64 });
    const request = Buffer.concat([Buffer.from([1, 0]), u32(associateBody().length), associateBody()]);
    const message = Buffer.concat([Buffer.from([4, 0]), u32(echo().length), echo()]);
    const valid = Buffer.concat([request, message]);
    const mutation = fc.array(fc.record({ at: fc.nat(valid.length - 1), value: fc.nat(255) }), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(mutation, fc.nat(valid.length), async (changes, cut) => {
        const bytes = Buffer.from(valid);
        for (const { at, value } of changes) bytes[at] = value;
        const peer = await rawPeer(port.port);
        peer.socket.end(bytes.subarray(0, cut < 40 ? cut : valid.length));
        // Whatever is answered, the connection ends.
        while ((await peer.next()) !== undefined);
        peer.socket.destroy();
      }),
      { numRuns: RUNS },
    );
    expect(port.taken.size).toBe(0);
    expect(port.faults).toEqual([]);
    await isHealthy(port);
  });

  test('a film whose bytes are cut or changed on the way is refused or stored as a whole, and the next one is served', async () => {
    const port = await open({ requestMs: 400, pduMs: 400, maxAssociations: 64 });
    const film = await filmDicom({ study: 'fuzz', size: 32 });
    const { sopInstanceUid } = readTags(parseDicom(film));
    const context = { id: 1, abstractSyntax: DX, transferSyntaxes: ['1.2.840.10008.1.2.1'] };
    const command = writeCommand({
      field: COMMAND.storeRequest,
      sopClassUid: DX,
      sopInstanceUid,
      messageId: 1,
      priority: 0,
      hasDataSet: true,
    });
    const pdu = (type: number, body: Buffer): Buffer => Buffer.concat([Buffer.from([type, 0]), u32(body.length), body]);
    const pdv = (flags: number, bytes: Buffer): Buffer =>
      Buffer.concat([u32(bytes.length + 2), Buffer.from([1, flags]), bytes]);
    const valid = Buffer.concat([
      pdu(PDU.request, associateBody([context])),
      pdu(PDU.data, pdv(3, command)),
      pdu(PDU.data, pdv(2, dataSetOf(film))),
    ]);
    // Half of the changes hit the heads, where every length stands.
    const place = fc.oneof(fc.nat(700), fc.nat(valid.length - 1));
    const mutation = fc.array(fc.record({ at: place, value: fc.nat(255) }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(mutation, fc.option(fc.nat(valid.length), { freq: 4 }), async (changes, cut) => {
        port.taken.clear();
        const bytes = Buffer.from(valid);
        for (const { at, value } of changes) bytes[at] = value;
        const peer = await rawPeer(port.port);
        peer.socket.end(bytes.subarray(0, cut ?? valid.length));
        while ((await peer.next()) !== undefined);
        peer.socket.destroy();
        // Only a whole data set reaches the intake.
        for (const taken of port.taken.values()) expect(dataSetOf(taken).length).toBe(dataSetOf(film).length);
      }),
      { numRuns: RUNS },
    );
    expect(port.faults).toEqual([]);
    await isHealthy(port);
  });
});
