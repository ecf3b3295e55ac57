// The worklist: studies in the order that the service gives, live, held still under the reader's hand.
import { useCallback, useEffect, useRef } from 'preact/hooks';
import { usePageKeys } from '#web/pages/shell/keys.tsx';
import { listen } from '#web/pages/shell/live.ts';
import { studyAddress } from '#web/pages/shell/person.ts';
import { address, go } from '#web/pages/shell/router.ts';
import { say, time } from '#web/pages/shell/words.ts';
import { FilterBar } from './filter-bar.tsx';
import { loadRefusals, RefusedFiles } from './refused-files.tsx';
import { StudyRow } from './study-row.tsx';
import * as list from './worklist-state.ts';

/** Several changes in a moment are one look. */
const GATHER_MS = 300;
/** Waiting times grow, and a study that is tried again says so, without any change that is told. */
const REFRESH_MS = 60_000;
const ROWS_A_MINUTE = 60;
const SEEN_AHEAD = '800px';

const rowOf = (node: EventTarget | null): HTMLElement | null =>
  node instanceof Element ? node.closest<HTMLElement>('tr[data-study-uid]') : null;

function moveFocus(step: number): void {
  const all = [...document.querySelectorAll<HTMLElement>('tr[data-study-uid]')];
  const at = all.findIndex((row) => row === document.activeElement);
  const target = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
  target?.focus();
  target?.scrollIntoView({ block: 'nearest' });
}

/** Says whether the pointer or the focus is on a row. */
function useHand() {
  const pointer = useRef(false);
  const isHeld = useCallback(() => pointer.current || rowOf(document.activeElement) !== null, []);
  const settle = (): void => {
    // After the focus has arrived where it goes.
    setTimeout(() => {
      if (!isHeld()) list.release();
    });
  };
  return {
    isHeld,
    handlers: {
      onPointerEnter: () => {
        pointer.current = true;
      },
      onPointerLeave: () => {
        pointer.current = false;
        settle();
      },
      onFocusOut: settle,
    },
  };
}

type Hand = ReturnType<typeof useHand>;

function Footer({ search }: { readonly search: string }) {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const watch = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) void list.loadMore(search);
      },
      { rootMargin: SEEN_AHEAD },
    );
    if (end.current !== null) watch.observe(end.current);
    return () => watch.disconnect();
  }, [search, list.rows.value.length]);
  return (
    <div ref={end} class="state small">
      {list.hasMore.value && (
        <button type="button" onClick={() => void list.loadMore(search)}>
          {say('more')}
        </button>
      )}
    </div>
  );
}

function Empty({ search }: { readonly search: string }) {
  if (list.isLoading.value || list.total.value === undefined)
    return list.fault.value === undefined ? <p class="state">{say('loading')}</p> : null;
  return (
    <div class="state">
      <h2>{say(search === '' ? 'empty-title' : 'no-match')}</h2>
      <p>{say(search === '' ? 'empty' : 'no-match-help')}</p>
    </div>
  );
}

/** Asks again after a change that is told, and now and then without one; a long list is asked for less often: an idle page stays cheap. */
function useLiveList(refresh: () => void): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = (): void => {
      clearTimeout(timer);
      timer = setTimeout(refresh, GATHER_MS);
    };
    const live = listen(soon, () => {
      soon();
      void loadRefusals();
    });
    let minutes = 0;
    const slow = setInterval(() => {
      minutes += 1;
      const every = Math.ceil(list.rows.value.length / ROWS_A_MINUTE);
      if (!document.hidden && minutes % Math.max(1, every) === 0) refresh();
    }, REFRESH_MS);
    return () => {
      clearTimeout(timer);
      clearInterval(slow);
      live.close();
    };
  }, []);
}

/** How many studies match, whether new ones wait, and how old the answer is. */
function ListLine({ search }: { readonly search: string }) {
  const { value: total } = list.total;
  return (
    <div class="list-line">
      <span data-total={total} aria-live="polite">
        {total === undefined ? '' : say('studies', { n: total })}
      </span>
      {list.isHeld.value && (
        <button type="button" class="arrived" onClick={list.release} aria-live="polite">
          {list.heldNew.value > 0 ? say('arrived', { n: list.heldNew.value }) : say('order-changed')} <kbd>R</kbd>
        </button>
      )}
      <span class="grow" />
      <a class="small" href={`/v1/worklist.csv${search}`} download>
        {say('export.list')}
      </a>
      <span class="quiet small">{list.asOf.value && say('as-of', { time: time(list.asOf.value) })}</span>
    </div>
  );
}

function Studies({ handlers, open }: { readonly handlers: Hand['handlers']; readonly open: (uid: string) => void }) {
  return (
    <table class="studies" {...handlers}>
      <thead>
        <tr>
          <th>{say('place')}</th>
          <th class="thumb">
            <span class="hidden-title">{say('film')}</span>
          </th>
          <th>{say('patient')}</th>
          <th>{say('preread')}</th>
          <th class="about">{say('study')}</th>
          <th>{say('waited')}</th>
        </tr>
      </thead>
      <tbody>
        {list.rows.value.map((row) => (
          <StudyRow key={row.studyUid} row={row} open={open} />
        ))}
      </tbody>
    </table>
  );
}

export function WorklistPage() {
  const { search } = address.value;
  const { isHeld, handlers } = useHand();
  const open = useCallback((uid: string) => {
    list.lastOpened.value = uid;
    list.scrollPlace.y = scrollY;
    go(studyAddress(uid));
  }, []);
  const refresh = useCallback(() => void list.load(location.search, isHeld() ? 'held' : 'away'), []);

  useEffect(() => {
    // The way back from a study.
    sessionStorage.setItem('haidang-list', search);
    void list.load(search, 'away');
  }, [search]);
  useEffect(() => {
    document.title = `${say('page.worklist')} – Hải Đăng`;
    const { value: back } = list.lastOpened;
    if (back !== undefined) {
      scrollTo(0, list.scrollPlace.y);
      document.querySelector<HTMLElement>(`tr[data-study-uid="${CSS.escape(back)}"]`)?.focus({ preventScroll: true });
    }
  }, []);

  useLiveList(refresh);
  usePageKeys([
    { key: 'j', label: 'key.next-row', run: () => moveFocus(1) },
    { key: 'ArrowDown', label: 'key.next-row', run: () => moveFocus(1) },
    { key: 'k', label: 'key.previous-row', run: () => moveFocus(-1) },
    { key: 'ArrowUp', label: 'key.previous-row', run: () => moveFocus(-1) },
    { key: '/', label: 'key.search', run: () => document.querySelector<HTMLElement>('#search')?.focus() },
    {
      key: 'r',
      label: 'key.refresh',
      run: () => {
        list.release();
        refresh();
      },
    },
  ]);

  return (
    <main class="list">
      <h1 class="hidden-title">{say('page.worklist')}</h1>
      <FilterBar />
      <ListLine search={search} />
      {list.fault.value !== undefined && (
        <p class="fault" role="alert">
          {list.fault.value} {list.rows.value.length > 0 && say('stale')}{' '}
          <button type="button" onClick={refresh}>
            {say('retry')}
          </button>
        </p>
      )}
      <RefusedFiles />
      {list.rows.value.length === 0 ? <Empty search={search} /> : <Studies handlers={handlers} open={open} />}
      <Footer search={search} />
    </main>
  );
}
