// Progress of the demo: two bars on standard error, or a line now and then where standard error is no terminal.
import { MultiBar, Presets } from 'cli-progress';
import type { Language } from '#kernel/errors.ts';
import { say } from '#messages/say.ts';
import type { Progress } from './feed.ts';

export interface Bars extends Progress {
  close(): void;
}

/** A log shall not fill with bars. */
const LINE_EVERY = 10;

function lines(total: number, language: Language): Bars {
  let told = 0;
  return {
    sent(count) {
      if (count % LINE_EVERY === 0 || count === total)
        process.stderr.write(`${say(language, 'demo.sent')}: ${count}/${total}\n`);
    },
    read(count, studies) {
      if (count < told + LINE_EVERY) return;
      told = count;
      process.stderr.write(`${say(language, 'demo.read')}: ${count}/${studies}\n`);
    },
    close: () => undefined,
  };
}

export function startBars(total: number, language: Language): Bars {
  if (process.stderr.isTTY !== true) return lines(total, language);
  const format = '{label} {bar} {value}/{total}  {name}';
  const multi = new MultiBar({ format, hideCursor: true, barsize: 30, stream: process.stderr }, Presets.shades_classic);
  const width = Math.max(say(language, 'demo.sent').length, say(language, 'demo.read').length);
  const bar = (key: string) => multi.create(total, 0, { label: say(language, key).padEnd(width), name: '' });
  const [sent, read] = [bar('demo.sent'), bar('demo.read')];
  return {
    sent: (count, name) => sent.update(count, { name }),
    read(count, studies) {
      read.setTotal(studies);
      read.update(count);
    },
    close: () => multi.stop(),
  };
}
