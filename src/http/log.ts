// Events of the program itself, as JSON lines on standard error: fixed words and ids, never anything of a patient.

export type LogLevel = 'info' | 'warn' | 'error';

export interface LogEntry {
  readonly level: LogLevel;
  /** Fixed words, for example `store.opened`. */
  readonly event: string;
  readonly [key: string]: unknown;
}

export type Log = (entry: LogEntry) => void;

/** From the most to the least talkative, as HAIDANG_LOG_LEVEL names them. */
const ORDER = ['debug', 'info', 'warn', 'error', 'fatal', 'silent'];

export function createLog(level: string): Log {
  const least = Math.max(0, ORDER.indexOf(level));
  return (entry) => {
    if (ORDER.indexOf(entry.level) < least) return;
    process.stderr.write(`${JSON.stringify(entry)}\n`);
  };
}
