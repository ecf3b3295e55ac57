// Search and filters above the list, each with its name; the counts are those of the whole list, not of what is on the screen.
import { useEffect, useRef } from 'preact/hooks';
import { models } from '#web/pages/shell/heads.ts';
import { address } from '#web/pages/shell/router.ts';
import { both, say } from '#web/pages/shell/words.ts';
import { filtersOf, OUTCOMES, PLACES, setFilter, STATES } from './filters.ts';
import { counts } from './worklist-state.ts';

const TYPING_MS = 150;

function Search({ text }: { readonly text: string }) {
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    // The address has the last word, but not while its reader is typing.
    if (input.current !== null && document.activeElement !== input.current) input.current.value = text;
  }, [text]);
  return (
    <input
      ref={input}
      type="search"
      id="search"
      aria-label={say('search')}
      placeholder={say('search')}
      defaultValue={text}
      maxLength={200}
      onInput={({ currentTarget: { value } }) => {
        clearTimeout(timer.current);
        timer.current = setTimeout(() => setFilter('search', value.trim()), TYPING_MS);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}

export function FilterBar() {
  const filters = filtersOf(address.value.search);
  const heads = new Map(
    models.value.flatMap((model) => (model.state === 'unused' ? [] : model.heads)).map((head) => [head.code, head]),
  );
  return (
    <div class="controls" role="search">
      <Search text={filters.search ?? ''} />
      <div class="segmented" role="group" aria-label={say('place')}>
        <button type="button" aria-pressed={filters.place === undefined} onClick={() => setFilter('place', '')}>
          {say('all')}
        </button>
        {PLACES.map((place) => (
          <button
            key={place}
            type="button"
            class={place}
            data-place={place}
            aria-pressed={filters.place === place}
            onClick={() => setFilter('place', filters.place === place ? '' : place)}
          >
            {say(`place.${place}`)} <span class="number">{counts.value?.[place] ?? ''}</span>
          </button>
        ))}
      </div>
      <label>
        <span>{say('outcome')}</span>
        <select
          id="outcome"
          value={filters.outcome ?? ''}
          onChange={(e) => setFilter('outcome', e.currentTarget.value)}
        >
          <option value="">{say('all')}</option>
          {OUTCOMES.map((outcome) => (
            <option key={outcome} value={outcome}>
              {say(`outcome.${outcome}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{say('finding')}</span>
        <select
          id="finding"
          value={filters.finding ?? ''}
          onChange={(e) => setFilter('finding', e.currentTarget.value)}
        >
          <option value="">{say('all')}</option>
          {[...heads.values()].map(({ code, title }) => (
            <option key={code} value={code}>
              {both(title)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{say('state')}</span>
        <select id="state" value={filters.state ?? ''} onChange={(e) => setFilter('state', e.currentTarget.value)}>
          <option value="">{say('state.open')}</option>
          {STATES.map((state) => (
            <option key={state} value={state}>
              {say(`state.${state}`)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
