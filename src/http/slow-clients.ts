// Clients that hold what others need: bodies that trickle, answers that nobody reads, hundreds of connections of one address. Each has a
// deadline or a limit, so that a slow or hostile client harms no other client.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { bareAnswer } from './security-headers.ts';

export interface ClientLimits {
  readonly mostConnections: number;
  /** Of one address; one that forwards for others (trustProxy) is not counted. */
  readonly mostOfOneAddress: number;
  /** A body must bring `leastBytes` in each of these spans; the time in which we do not read it does not count. */
  readonly progressMs: number;
  readonly leastBytes: number;
  /** An answer of which nothing is taken for so long is given up. */
  readonly unreadAnswerMs: number;
  /** A client that was refused may go on sending its body for so long. */
  readonly refusedBodyMs: number;
}

const CLIENT_LIMITS: ClientLimits = {
  mostConnections: 4_096,
  mostOfOneAddress: 512,
  progressMs: 15_000,
  leastBytes: 1_024,
  unreadAnswerMs: 60_000,
  refusedBodyMs: 5_000,
};

/** Deadlines of Node's own HTTP server, in milliseconds. */
export const SERVER_TIMES = {
  /** From the connection, or the end of the answer before, to the end of the headers. */
  headersTimeout: 10_000,
  /** Longer than proxies keep theirs (60 s), so that the proxy closes first. */
  keepAliveTimeout: 65_000,
  /** From the first byte to the last: an upload of the largest film over a slow line. */
  requestTimeout: 15 * 60_000,
  connectionsCheckingInterval: 1_000,
} as const;

interface Watched {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Start of the current span of the body, and what had come by then. */
  bodySince: number;
  bodyBytes: number;
  answerSince: number;
  answerBytes: number;
}

const LOOK_MS = 1_000;
const TOO_SLOW = bareAnswer('408 Request Timeout');

function giveUp({ request, response }: Watched): void {
  const { socket } = request;
  if (!response.headersSent && socket.writable) socket.end(TOO_SLOW, () => socket.destroy());
  else socket.destroy();
}

/** True where the client is too slow, in sending or in taking. */
function isTooSlow(watched: Watched, now: number, limits: ClientLimits): boolean {
  const { request, response } = watched;
  const { socket } = request;
  // What waits in our own buffer waits for us.
  const waitsForUs = request.complete || request.readableLength > 0;
  const came = socket.bytesRead - watched.bodyBytes;
  if (waitsForUs || came >= limits.leastBytes) {
    watched.bodySince = now;
    watched.bodyBytes = socket.bytesRead;
  }
  if (now - watched.bodySince >= limits.progressMs) return true;
  const unsent = response.headersSent && socket.writableLength > 0;
  if (!unsent || socket.bytesWritten !== watched.answerBytes) {
    watched.answerSince = now;
    watched.answerBytes = socket.bytesWritten;
  }
  return now - watched.answerSince >= limits.unreadAnswerMs;
}

/** A body that was answered before it was read to its end would hold its socket and what it has buffered for ever. */
export function readPast(request: IncomingMessage, limits: Partial<ClientLimits> = {}): void {
  if (request.complete || request.destroyed) return;
  request.resume();
  const { socket } = request;
  // The same connection may serve the next request by then. The socket of an injected request cannot be destroyed.
  const cut = (): unknown => request.complete || (socket instanceof Socket && socket.destroy());
  setTimeout(cut, limits.refusedBodyMs ?? CLIENT_LIMITS.refusedBodyMs).unref();
}

export interface SlowClientOptions {
  readonly told: (event: 'connection refused' | 'client too slow', address: string) => void;
  readonly forwards: (address: string) => boolean;
  readonly limits?: Partial<ClientLimits>;
}

/** Ends with the server. */
export function watchSlowClients(server: Server, options: SlowClientOptions): void {
  const limits = { ...CLIENT_LIMITS, ...options.limits };
  const { told, forwards } = options;
  const watched = new Set<Watched>();
  const open = new Map<string, number>();

  server.maxConnections = limits.mostConnections;
  server.on('drop', (data) => told('connection refused', data?.remoteAddress ?? ''));
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (open.get(address) ?? 0) + 1;
    if (count > limits.mostOfOneAddress && !forwards(address)) {
      told('connection refused', address);
      socket.destroy();
      return;
    }
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
  });
  server.on('request', (request, response) => {
    const now = performance.now();
    const { bytesRead, bytesWritten } = request.socket;
    const one = {
      request,
      response,
      bodySince: now,
      bodyBytes: bytesRead,
      answerSince: now,
      answerBytes: bytesWritten,
    };
    watched.add(one);
    response.once('close', () => watched.delete(one));
  });
  const timer = setInterval(
    () => {
      const now = performance.now();
      for (const one of watched)
        if (isTooSlow(one, now, limits)) {
          watched.delete(one);
          told('client too slow', one.request.socket.remoteAddress ?? '');
          giveUp(one);
        }
    },
    Math.min(LOOK_MS, limits.progressMs / 3),
  );
  timer.unref();
  server.once('close', () => clearInterval(timer));
}
