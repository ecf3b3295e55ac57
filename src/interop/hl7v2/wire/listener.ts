// Listens on the MLLP port: each message of a connection is taken in turn and answered on the same connection.
import { listening } from '#interop/tcp/listening.ts';
import { createServer, type Socket } from 'node:net';
import { createDeframer, framed } from './framing.ts';

export interface ListenerDeps {
  readonly host: string;
  /** 0: chosen by the system. */
  readonly port: number;
  /** Of a message that is larger than allowed only the head comes, and what is refused is the whole. */
  take(message: Buffer, part: 'whole' | 'head', address: string): Promise<readonly string[]>;
  /** Fixed words, nothing of a patient. */
  readonly told: (event: 'frame refused' | 'connection idle' | 'connection refused', reason: string) => void;
  readonly limits?: Partial<ListenerLimits>;
}

export interface ListenerLimits {
  readonly maxMessageBytes: number;
  readonly maxConnections: number;
  /** A connection may rest this long between two messages; senders keep theirs open. */
  readonly idleMs: number;
  /** From the first byte of a message to its last. */
  readonly messageMs: number;
}

const DEFAULTS: ListenerLimits = {
  maxMessageBytes: 4 * 1024 * 1024,
  maxConnections: 64,
  idleMs: 10 * 60_000,
  messageMs: 60_000,
};

export interface Hl7Listener {
  readonly port: number;
  /** Ends after the messages in hand. */
  close(): Promise<void>;
}

const written = (socket: Socket, message: string): Promise<void> =>
  new Promise((resolve) => {
    if (socket.destroyed) resolve();
    else socket.write(framed(message), () => resolve());
  });

interface Connection {
  readonly socket: Socket;
  /** A message is being taken: closing waits for its answer. */
  busy: boolean;
  stopping: boolean;
  /** A message has come whole. */
  spoke: boolean;
  /** Milliseconds that only grow. */
  heardAt: number;
}

async function serve(connection: Connection, deps: ListenerDeps, limits: ListenerLimits): Promise<void> {
  const { socket } = connection;
  const address = socket.remoteAddress ?? '';
  const deframer = createDeframer(limits.maxMessageBytes);
  let slow: NodeJS.Timeout | undefined;
  socket.setTimeout(limits.idleMs, () => {
    deps.told('connection idle', 'time-out');
    socket.destroy();
  });
  const watch = (): void => {
    if (!deframer.inside()) {
      clearTimeout(slow);
      slow = undefined;
    } else
      slow ??= setTimeout(() => {
        deps.told('frame refused', 'too-slow');
        socket.destroy();
      }, limits.messageMs);
  };
  try {
    // The loop reads on only when the messages in hand are answered: a fast sender waits in its own buffers.
    for await (const chunk of socket) {
      if (!Buffer.isBuffer(chunk)) continue;
      connection.heardAt = performance.now();
      const { messages, tooLarge, fault } = deframer.push(chunk);
      connection.spoke ||= messages.length > 0;
      watch();
      connection.busy = true;
      for (const message of messages) {
        const part = tooLarge.has(message) ? 'head' : 'whole';
        for (const answer of await deps.take(message, part, address)) await written(socket, answer);
      }
      connection.busy = false;
      if (fault !== undefined) deps.told('frame refused', fault);
      if (fault !== undefined || connection.stopping) return;
    }
  } catch {
    // The other end went away; what it sent whole was taken.
  } finally {
    clearTimeout(slow);
    socket.destroySoon();
  }
}

/** A connection that spoke is left alone for so long after its last byte. */
const QUIET_MS = 5_000;

/**
 * All seats are taken: the one that has been silent longest gives up its own, first of those that never sent a message. Senders connect
 * again by themselves; a seat that only a time-out of minutes frees would lock every other sender out.
 */
function freeSeat(open: Iterable<Connection>): boolean {
  const now = performance.now();
  const [silent] = [...open]
    .filter(({ busy, spoke, heardAt }) => !busy && (!spoke || now - heardAt >= QUIET_MS))
    .sort((a, b) => Number(a.spoke) - Number(b.spoke) || a.heardAt - b.heardAt);
  silent?.socket.destroy();
  return silent !== undefined;
}

/** Throws what listening throws: the port is taken, the address is not ours. */
export async function startListener(deps: ListenerDeps): Promise<Hl7Listener> {
  const limits = { ...DEFAULTS, ...deps.limits };
  const open = new Map<Connection, Promise<void>>();
  // Half open: some senders close their side at once and wait for the answer.
  const server = createServer({ noDelay: true, keepAlive: true, allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    const waiting = [...open.keys()].filter(({ socket: { destroyed } }) => !destroyed);
    if (waiting.length >= limits.maxConnections) {
      const freed = freeSeat(waiting);
      deps.told(freed ? 'connection idle' : 'connection refused', 'all seats are taken');
      if (!freed) {
        socket.destroy();
        return;
      }
    }
    const connection: Connection = { socket, busy: false, stopping: false, spoke: false, heardAt: performance.now() };
    const ended = serve(connection, deps, limits).finally(() => open.delete(connection));
    open.set(connection, ended);
  });
  const port = await listening(server, deps);
  return {
    port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of open.keys()) {
        connection.stopping = true;
        if (!connection.busy) connection.socket.destroy();
      }
      await Promise.all(open.values());
      await closed;
    },
  };
}
