// Addresses without a new document: the list keeps its rows, filters and place while a study is open.
import { signal } from '@preact/signals';

const here = () => ({ path: location.pathname, search: location.search });

export const address = signal(here());

addEventListener('popstate', () => {
  address.value = here();
});

export function go(to: string): void {
  history.pushState(null, '', to);
  address.value = here();
  scrollTo(0, 0);
}

/** The same page with other filters: the way back does not lead through every letter of a search. */
export function replace(to: string): void {
  history.replaceState(null, '', to);
  address.value = here();
}

/** For a link: a plain click stays in this document, any other is the browser's. */
export function follow(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  const link = event.currentTarget;
  if (!(link instanceof HTMLAnchorElement)) return;
  event.preventDefault();
  go(link.pathname + link.search + link.hash);
}
