// Progress of a table: a bar on standard error where that is a terminal, a line now and then where it is not.
import { Presets, SingleBar } from 'cli-progress';

export interface TableProgress {
  update(done: number, rows: number): void;
  stop(): void;
}

/** A log shall not fill with lines. */
const LINE_EVERY_MS = 10_000;
const BAR_EVERY_ROWS = 2_000;

export function startProgress(size: number): TableProgress {
  const terminal = process.stderr.isTTY === true;
  const bar = new SingleBar(
    { format: '{bar} {percentage} %  {rows} rows, {eta_formatted} left', stream: process.stderr, hideCursor: true },
    Presets.shades_classic,
  );
  if (terminal) bar.start(size, 0, { rows: 0 });
  let told = performance.now();
  let last = { done: 0, rows: 0 };
  const tell = (): void =>
    void process.stderr.write(`${last.rows} rows, ${Math.floor((100 * last.done) / (size || 1))} %\n`);
  return {
    update(done, rows) {
      last = { done, rows };
      if (terminal && rows % BAR_EVERY_ROWS === 0) bar.update(done, { rows });
      if (terminal || performance.now() - told < LINE_EVERY_MS) return;
      told = performance.now();
      tell();
    },
    stop() {
      if (terminal) bar.update(size, { rows: last.rows });
      bar.stop();
      if (!terminal) tell();
    },
  };
}
