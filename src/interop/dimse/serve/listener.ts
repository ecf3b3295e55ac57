// The DIMSE port: connections up to a limit, each served on its own; more are turned away with a transient rejection.
import { listening } from '#interop/tcp/listening.ts';
import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { TlsKeys } from '#interop/dimse/send/association.ts';
import { PDU, writePdu } from '#interop/dimse/wire/pdu.ts';
import { type AssociationDeps, type Peer, serveAssociation } from './association.ts';
import { createMemoryLimit } from './memory-limit.ts';

export interface ListenerOptions extends AssociationDeps {
  readonly host: string;
  /** 0: chosen by the system. */
  readonly port: number;
  readonly maxAssociations: number;
  /** Of all data sets on their way in. */
  readonly maxHeldBytes: number;
  /** Absent: without TLS. With it a caller shows a certificate of these authorities, or is cut off before it says a word. */
  readonly tls?: TlsKeys;
}

export interface DimseListener {
  readonly port: number;
  /** Ends after the messages in hand. */
  close(): Promise<void>;
}

/** Result transient, source presentation service, reason local limit exceeded (PS3.8 table 9-21). */
const FULL = Buffer.from([0, 2, 3, 2]);
const MOST_CONNECTIONS = 2_000;
/** A peer that is turned away, or told goodbye, and never closes. */
const LINGER_MS = 5_000;

function turnAway(socket: Socket): void {
  socket.on('error', () => socket.destroy());
  socket.setTimeout(LINGER_MS, () => socket.destroy());
  socket.resume();
  void writePdu(socket, PDU.reject, FULL)
    .catch(() => undefined)
    .finally(() => socket.destroySoon());
}

/** Throws what listening throws: the port is taken, the address is not ours. */
export async function startDimse(options: ListenerOptions): Promise<DimseListener> {
  const memory = createMemoryLimit(options.maxHeldBytes);
  const open = new Map<Peer, Promise<void>>();
  let stopping = false;
  const welcome = (socket: Socket): void => {
    if (stopping || open.size >= options.maxAssociations) {
      turnAway(socket);
      return;
    }
    socket.on('error', () => socket.destroy());
    const peer: Peer = { socket, share: memory.share(), stopping: () => stopping, busy: false };
    const served = serveAssociation(peer, options).finally(() => {
      open.delete(peer);
      socket.setTimeout(LINGER_MS, () => socket.destroy());
    });
    open.set(peer, served);
  };
  const { tls } = options;
  const server =
    tls === undefined
      ? createServer({ noDelay: true, keepAlive: true }, welcome)
      : createTlsServer(
          {
            ...tls,
            requestCert: true,
            rejectUnauthorized: true,
            minVersion: 'TLSv1.2',
            handshakeTimeout: options.requestMs,
            noDelay: true,
            keepAlive: true,
          },
          welcome,
        );
  // Node reports a handshake that fails or takes too long, and leaves its connection to us.
  server.on('tlsClientError', (_error: Error, socket: Socket) => {
    options.told('association rejected', { ae: '', address: socket.remoteAddress ?? '', reason: 'tls' });
    socket.destroy();
  });
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  // Of connections that have said nothing yet: in the handshake they are not counted as associations.
  server.maxConnections = MOST_CONNECTIONS;
  const port = await listening(server, options);
  return {
    port,
    async close() {
      stopping = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const { socket, busy } of open.keys()) if (!busy) socket.destroy();
      await Promise.all(open.values());
      // What is left is in the middle of a handshake, or lingers after its end.
      if (tls !== undefined) for (const socket of connections) socket.destroy();
      await closed;
    },
  };
}
