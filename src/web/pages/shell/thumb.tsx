// A small picture of a film that says what it is: still coming (a grey field), the film (black around it), or not to be had (a sign). A black
// square would say that the film is black.
import { useState } from 'preact/hooks';
import { filmAddress } from './person.ts';
import { say } from './words.ts';

interface ThumbProps {
  /** SOP Instance UID. */
  readonly uid: string;
  /** Pixels of the longer side that are asked for. */
  readonly size: number;
}

/** What became of each film's picture, so that a row that is drawn again does not begin anew. */
const shownBefore = new Set<string>();

export function Thumb({ uid, size }: ThumbProps) {
  const address = filmAddress(uid, size);
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>(shownBefore.has(address) ? 'shown' : 'loading');
  return (
    <span class="thumb-field" data-thumb={state}>
      {state === 'failed' ? (
        <span role="img" aria-label={say('film.failed')} title={say('film.failed')}>
          ⊘
        </span>
      ) : (
        <img
          src={address}
          alt=""
          loading="lazy"
          decoding="async"
          onLoad={() => {
            shownBefore.add(address);
            setState('shown');
          }}
          onError={() => setState('failed')}
        />
      )}
    </span>
  );
}
