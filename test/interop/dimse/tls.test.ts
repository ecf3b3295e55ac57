// DICOM over TLS: both sides show a certificate of an authority that the other believes; whoever does not is cut off before an association.
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openAssociation, type TlsKeys } from '#interop/dimse/send/association.ts';
import { storeObjects } from '#interop/dimse/send/store-objects.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { readTags } from '#dicom/read/tags.ts';
import { COMMAND } from '#interop/dimse/wire/command.ts';
import { certificate, type Issuer, keyPem } from '../../fixtures/certificate.ts';
import { filmDicom } from '../../fixtures/film.ts';
import { openScp, type TestScp, VERIFY } from './support.ts';

const hospital = certificate('hospital');
const elsewhere = certificate('elsewhere');
const keysOf = (name: string, by: Issuer): TlsKeys => {
  const own = certificate(name, by);
  return { cert: own.pem, key: keyPem(own), ca: hospital.pem };
};
const ours = keysOf('haidang', hospital);
const scanner = keysOf('scanner', hospital);
const stranger = keysOf('stranger', elsewhere);

let scp: TestScp | undefined;
afterEach(async () => {
  await scp?.close();
  scp = undefined;
});
const remote = (port: number, tls?: TlsKeys) => ({
  host: '127.0.0.1',
  port,
  calledAe: 'HAIDANG',
  callingAe: 'CR1',
  ...(tls !== undefined && { tls }),
});
const within = () => ({ signal: AbortSignal.timeout(20_000) });

test('a caller with a certificate of the hospital echoes and stores', async () => {
  scp = await openScp({ tls: ours });
  const association = await openAssociation(remote(scp.port, scanner), [VERIFY], within());
  const echo = { field: COMMAND.echoRequest, sopClassUid: VERIFY.abstractSyntax, messageId: 1 };
  expect((await association.ask({ contextId: 1, command: echo })).command.status).toBe(0);
  await association.release();
  const bytes = await filmDicom({ study: 'tls' });
  const tags = readTags(parseDicom(bytes));
  expect((await storeObjects(remote(scp.port, scanner), [{ ...tags, bytes }], within())).failures).toEqual([]);
  expect([...scp.taken.keys()]).toEqual([tags.sopInstanceUid]);
});

test.each([
  ['a certificate of another authority', stranger],
  ['no TLS at all', undefined],
])('a caller with %s gets no association', async (_, tls) => {
  scp = await openScp({ tls: ours, requestMs: 1_000 });
  await expect(openAssociation(remote(scp.port, tls), [VERIFY], within())).rejects.toThrow(
    /closed|ECONNRESET|alert|EPIPE/,
  );
  expect(scp.taken.size).toBe(0);
  await (await openAssociation(remote(scp.port, scanner), [VERIFY], within())).release();
});

test('a PACS whose certificate is of another authority is not spoken to', async () => {
  scp = await openScp({ tls: stranger });
  await expect(openAssociation(remote(scp.port, scanner), [VERIFY], within())).rejects.toThrow(/certificate/);
});

test('a connection that never begins the handshake is closed in time', async () => {
  scp = await openScp({ tls: ours, requestMs: 300 });
  const socket = connect(scp.port, '127.0.0.1').resume();
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('close', resolve));
  expect(scp.told).toEqual(['association rejected: tls']);
});
