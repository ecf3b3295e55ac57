// Notices: faults (role="alert"), and the last action with its undo button where it can be undone.
import { signal } from '@preact/signals';
import { faultText } from './api.ts';
import { say } from './words.ts';

export interface Notice {
  readonly kind: 'fault' | 'done';
  readonly text: string;
  readonly action?: { readonly label: string; run(): void };
}

const notice = signal<Notice | undefined>(undefined);

let timer: ReturnType<typeof setTimeout> | undefined;
const SHOWN_MS = 12_000;

/** A fault stays until it is read; what was done goes by itself. */
export function tell(next: Notice): void {
  notice.value = next;
  clearTimeout(timer);
  if (next.kind === 'done') timer = setTimeout(() => (notice.value = undefined), SHOWN_MS);
}

export const tellFault = (thrown: unknown): void => tell({ kind: 'fault', text: faultText(thrown) });

/** A browser lets a page write the clipboard on HTTPS and on this machine only. */
export function copyText(text: string): void {
  const failed = (): void => tell({ kind: 'fault', text: say('not-copied') });
  if (navigator.clipboard === undefined) return failed();
  navigator.clipboard.writeText(text).then(() => tell({ kind: 'done', text: say('copied') }), failed);
}

export function Notices() {
  const shown = notice.value;
  if (shown === undefined) return null;
  const { action } = shown;
  return (
    <div class={`notice ${shown.kind}`} role={shown.kind === 'fault' ? 'alert' : 'status'}>
      <span>{shown.text}</span>
      {action && (
        <button
          type="button"
          onClick={() => {
            notice.value = undefined;
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <button type="button" class="plain" aria-label={say('close-notice')} onClick={() => (notice.value = undefined)}>
        ×
      </button>
    </div>
  );
}
