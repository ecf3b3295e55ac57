// A sheet over the page: a click beside it ends it, a click on it does not.
import type { ComponentChildren } from 'preact';

export interface DialogProps {
  readonly label: string;
  readonly role?: 'dialog' | 'alertdialog';
  /** Further classes of the sheet. */
  readonly class?: string;
  /** Escape ends it, and the keys of the page wait; false where the page's own keys go on. */
  readonly holdsKeys?: boolean;
  readonly end: () => void;
  readonly children: ComponentChildren;
}

export function Dialog({ label, role = 'dialog', class: further = '', holdsKeys = true, end, children }: DialogProps) {
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Escape') end();
  };
  return (
    <div class="veil" onClick={end}>
      <div
        class={`sheet ${further}`.trim()}
        role={role}
        aria-modal="true"
        aria-label={label}
        onClick={(event) => event.stopPropagation()}
        {...(holdsKeys && { onKeyDown })}
      >
        {children}
      </div>
    </div>
  );
}
