// A table that a narrow screen moves sideways by itself: its words stay whole, and the page stays where it is.
import type { ComponentChildren } from 'preact';

export function Scrolled({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  );
}
