// The same question is judged once: hooks that fire one after the other share the work, and what was late is there for the next one.
import type { RiskQuestion, RiskItem } from '#risk/person/risk-item.ts';
import type { Clock } from '#kernel/clock.ts';
import { sha256Hex } from '#kernel/ids.ts';

type AssessRisk = (question: RiskQuestion) => Promise<readonly RiskItem[]>;

export interface MemoryRules {
  readonly clock: Clock;
  readonly keepMs: number;
  readonly maximum: number;
}

interface Remembered {
  readonly until: number;
  readonly items: Promise<readonly RiskItem[]>;
}

/** The day counts, not the minute: ages and age limits of values change by days. */
const keyOf = ({ asOf, ...question }: RiskQuestion): string =>
  sha256Hex(JSON.stringify([question, asOf.toISOString().slice(0, 10)]));

/** Failures are not remembered. The oldest question gives way to a new one. */
export function rememberRisks(assessRisk: AssessRisk, { clock, keepMs, maximum }: MemoryRules): AssessRisk {
  const memory = new Map<string, Remembered>();
  return (question) => {
    const key = keyOf(question);
    const now = clock.now().getTime();
    const known = memory.get(key);
    if (known !== undefined && now < known.until) return known.items;
    memory.delete(key);
    const [oldest] = memory.keys();
    if (memory.size >= maximum && oldest !== undefined) memory.delete(oldest);
    const items = assessRisk(question);
    const remembered = { until: now + keepMs, items };
    memory.set(key, remembered);
    items.catch(() => {
      if (memory.get(key) === remembered) memory.delete(key);
    });
    return items;
  };
}
