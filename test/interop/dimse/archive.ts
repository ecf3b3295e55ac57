// A small PACS over our own wire: films by patient, found by C-FIND, sent by C-GET on the same association or by C-MOVE to a known port.
import { createServer, type Socket } from 'node:net';
import { ascii } from '#dicom/read/element.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { type InstanceTags, readTags } from '#dicom/read/tags.ts';
import { text } from '#dicom/write/element.ts';
import { openAssociation } from '#interop/dimse/send/association.ts';
import { acceptBody, readRequest } from '#interop/dimse/wire/associate.ts';
import { COMMAND } from '#interop/dimse/wire/command.ts';
import { readIdentifier, writeIdentifier } from '#interop/dimse/wire/identifier.ts';
import { readMessage, sendMessage } from '#interop/dimse/wire/message.ts';
import { openReader, PDU, writePdu } from '#interop/dimse/wire/pdu.ts';
import { dataSetOf } from './support.ts';

interface Film {
  readonly bytes: Buffer;
  readonly tags: InstanceTags;
}

const LIMITS = { idleMs: 10_000, pduMs: 10_000, messageMs: 10_000, maxDataSetBytes: 1e7, hold: () => true };

interface Archive {
  readonly films: readonly Film[];
  /** Where a C-MOVE sends, by title. */
  readonly nodes: Readonly<Record<string, number>>;
}

async function serve(socket: Socket, { films, nodes }: Archive): Promise<void> {
  const reader = openReader(socket);
  const first = await reader.next(10_000);
  const request = readRequest(first?.body ?? Buffer.alloc(0));
  const answers = request.contexts.map(({ id, transferSyntaxes: [syntax = ''] }) => ({
    id,
    result: 0,
    transferSyntax: syntax,
  }));
  const contexts = new Map(request.contexts.map((context) => [context.id, context]));
  await writePdu(socket, PDU.accept, acceptBody({ ...request, maxLength: 16_384, contexts: answers }));
  for (;;) {
    const received = await readMessage(reader, LIMITS);
    if (received?.kind !== 'message') {
      await writePdu(socket, PDU.releaseReply, Buffer.alloc(4));
      return;
    }
    const { contextId, command, dataSet } = received.message;
    const syntax = contexts.get(contextId)?.transferSyntaxes[0] ?? '';
    const keys = dataSet && readIdentifier(dataSet, syntax);
    if (keys === undefined) return;
    const reply = { sopClassUid: command.sopClassUid, repliedTo: command.messageId };
    const wanted = (tag: number, value: string | undefined) =>
      [undefined, value].includes(ascii(keys, tag) || undefined);
    const matches = films.filter(
      ({ tags }) => wanted(0x00100020, tags.patientId) && wanted(0x0020000d, tags.studyInstanceUid),
    );
    if (command.field === COMMAND.findRequest) {
      for (const { tags } of matches) {
        const match = [
          text(0x00100020, 'LO', tags.patientId ?? ''),
          text(0x00080020, 'DA', (tags.studyDate ?? '').replaceAll('-', '')),
          text(0x00080060, 'CS', tags.modality ?? ''),
          text(0x00080061, 'CS', tags.modality ?? ''),
          text(0x0020000d, 'UI', tags.studyInstanceUid),
          text(0x0020000e, 'UI', tags.seriesInstanceUid),
        ];
        await sendMessage(
          socket,
          {
            contextId,
            command: { ...reply, field: COMMAND.findReply, status: 0xff00 },
            dataSet: writeIdentifier(match, syntax),
          },
          16_384,
        );
      }
      await sendMessage(socket, { contextId, command: { ...reply, field: COMMAND.findReply, status: 0 } }, 16_384);
    }
    if (command.field === COMMAND.getRequest) {
      for (const [at, { bytes, tags }] of matches.entries()) {
        const id = [...contexts.values()].find(
          ({ abstractSyntax, transferSyntaxes: [form] }) =>
            abstractSyntax === tags.sopClassUid && form === parseDicom(bytes).transferSyntax.uid,
        )?.id;
        const { sopClassUid, sopInstanceUid } = tags;
        const store = { field: COMMAND.storeRequest, sopClassUid, sopInstanceUid, messageId: at + 100, priority: 0 };
        await sendMessage(socket, { contextId: id ?? 0, command: store, dataSet: dataSetOf(bytes) }, 16_384);
        await readMessage(reader, LIMITS);
      }
      await sendMessage(socket, { contextId, command: { ...reply, field: COMMAND.getReply, status: 0 } }, 16_384);
    }
    if (command.field === COMMAND.moveRequest) {
      const port = nodes['HAIDANG'] ?? 0;
      for (const { bytes, tags } of matches) {
        const form = parseDicom(bytes).transferSyntax.uid;
        const context = { id: 1, abstractSyntax: tags.sopClassUid ?? '', transferSyntaxes: [form] };
        const remote = { host: '127.0.0.1', port, calledAe: 'HAIDANG', callingAe: 'ARCHIVE' };
        const association = await openAssociation(remote, [context], { signal: AbortSignal.timeout(10_000) });
        const { sopClassUid, sopInstanceUid } = tags;
        await association.ask({
          contextId: 1,
          command: {
            field: COMMAND.storeRequest,
            sopClassUid,
            sopInstanceUid,
            messageId: 1,
            priority: 0,
            moveOriginator: request.callingAe,
          },
          dataSet: dataSetOf(bytes),
        });
        await association.release();
      }
      await sendMessage(socket, { contextId, command: { ...reply, field: COMMAND.moveReply, status: 0 } }, 16_384);
    }
  }
}

export async function openArchive(films: readonly Buffer[], nodes: Archive['nodes'] = {}) {
  const archive = { nodes, films: films.map((bytes) => ({ bytes, tags: readTags(parseDicom(bytes)) })) };
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    void serve(socket, archive)
      .catch(() => undefined)
      .finally(() => socket.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
