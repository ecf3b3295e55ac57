// Single keys, and the sheet that lists them (`?`). A key that belongs to a text field, a button or a browser short cut is left alone.
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Dialog } from './dialog.tsx';
import { say, switchLanguage, type WordKey } from './words.ts';

export interface Key {
  readonly key: string;
  readonly label: WordKey;
  run(): void;
}

/** Of the page that is open. */
const pageKeys = signal<readonly Key[]>([]);
export const sheetOpen = signal(false);

const toggleSheet = (): void => {
  sheetOpen.value = !sheetOpen.value;
};

const EVERYWHERE: readonly Key[] = [
  { key: '?', label: 'key.sheet', run: toggleSheet },
  { key: 'l', label: 'key.language', run: switchLanguage },
];

const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;

export function usePageKeys(keys: readonly Key[]): void {
  useEffect(() => {
    pageKeys.value = keys;
    return () => {
      if (pageKeys.value === keys) pageKeys.value = [];
    };
  });
}

addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (sheetOpen.value && event.key === 'Escape') return toggleSheet();
  if (isTyping(event)) return;
  const found = [...pageKeys.value, ...EVERYWHERE].find(({ key }) => key === event.key);
  if (found === undefined || (sheetOpen.value && found.key !== '?')) return;
  event.preventDefault();
  found.run();
});

export function KeySheet() {
  const open = sheetOpen.value;
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (open) close.current?.focus();
  }, [open]);
  if (!open) return null;
  return (
    <Dialog label={say('key.title')} holdsKeys={false} end={toggleSheet}>
      <h2>{say('key.title')}</h2>
      <dl class="keys">
        {[...pageKeys.value, ...EVERYWHERE].map(({ key, label }) => (
          <div key={key}>
            <dt>
              <kbd>{key === ' ' ? '␣' : key.length === 1 ? key.toUpperCase() : key}</kbd>
            </dt>
            <dd>{say(label)}</dd>
          </div>
        ))}
      </dl>
      <button type="button" ref={close} onClick={toggleSheet}>
        {say('close')}
      </button>
    </Dialog>
  );
}
