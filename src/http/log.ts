// The log of the service: one JSON line per event on standard error, for requests and rooms alike. Fixed words and ids, nothing of a patient.
import { destination, type Logger, pino, stdTimeFunctions } from 'pino';

export type LogLevel = 'info' | 'warn' | 'error';

export interface LogEntry {
  readonly level: LogLevel;
  /** Fixed words, for example `store.opened`. */
  readonly event: string;
  readonly [key: string]: unknown;
}

export type Log = (entry: LogEntry) => void;

/** `level` is a pino level, or `silent`. Standard output belongs to the line that says where the service is ready. */
export function createLogger(level: string): Logger {
  const stream = destination({ fd: 2, sync: true });
  // The reader of the log may go away (EPIPE); the service goes on without it.
  stream.on('error', () => undefined);
  return pino(
    {
      level,
      base: null,
      messageKey: 'event',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Fastify hands over whole requests and replies, which may hold patient data.
      serializers: { req: () => undefined, res: () => undefined, err: () => undefined },
    },
    stream,
  );
}

export function createLog(level: string): Log {
  const logger = createLogger(level);
  return ({ level: severity, event, ...fields }) => logger[severity](fields, event);
}
