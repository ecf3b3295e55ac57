// Files that were refused at the door in the last day: an image that is on no list is an image that no one reads.
import { DAY_MS } from '#kernel/clock.ts';
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Sentence } from '#kernel/errors.ts';
import { v1 } from '#web/pages/shell/api.ts';
import { nowMs } from '#web/pages/shell/browser.ts';
import { follow } from '#web/pages/shell/router.ts';
import { both, say, time } from '#web/pages/shell/words.ts';

interface Refusal {
  readonly code: string;
  readonly reason: string;
  readonly text: Sentence | null;
  readonly field: string | null;
  readonly at: string;
}

const refusals = signal<readonly Refusal[]>([]);
const SHOWN = 50;

/** Whoever may not see the refusals sees the list without them. */
export async function loadRefusals(): Promise<void> {
  try {
    const { data } = await v1.listRefusals({ limit: String(SHOWN) });
    refusals.value = data.filter(({ at }) => nowMs() - Date.parse(at) < DAY_MS);
  } catch {
    refusals.value = [];
  }
}

export function RefusedFiles() {
  useEffect(() => void loadRefusals(), []);
  const list = refusals.value;
  if (list.length === 0) return null;
  return (
    <details class="refused" data-refused={list.length}>
      <summary>⊘ {say('refused.count', { n: list.length })}</summary>
      <ul>
        {list.slice(0, 5).map(({ code, reason, text, at, field }) => (
          <li key={at + code}>
            <span class="number">{time(at)}</span> {field ?? ''} {text ? both(text) : reason}{' '}
            <code title={reason}>{code}</code>
          </li>
        ))}
      </ul>
      <a href="/admin" onClick={follow}>
        {say('refused.all')}
      </a>
    </details>
  );
}
