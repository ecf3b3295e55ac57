// Similar films of other people, looked at in place: nothing of them is opened, marked or answered by looking.
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Reading, SimilarCases } from '#client/client.ts';
import { Dialog } from '#web/pages/shell/dialog.tsx';
import { headOf } from '#web/pages/shell/heads.ts';
import { ageAndSex, filmAddress } from '#web/pages/shell/person.ts';
import { Thumb } from '#web/pages/shell/thumb.tsx';
import { both, number, say } from '#web/pages/shell/words.ts';

type Neighbour = SimilarCases['neighbours'][number];

const looked = signal<Neighbour | undefined>(undefined);

interface Titled {
  title(code: string): string;
}

const Labels = ({ one, title }: { readonly one: Neighbour } & Titled) => (
  <>
    <div>{one.findings.map(title).join(', ') || say('no-finding')}</div>
    <div class="quiet">{say(`label.${one.labelSource}`)}</div>
    {one.confirmed.present.length > 0 && (
      <div>
        {say('said.present')}: {one.confirmed.present.map(title).join(', ')}
      </div>
    )}
    {one.confirmed.absent.length > 0 && (
      <div>
        {say('said.absent')}: {one.confirmed.absent.map(title).join(', ')}
      </div>
    )}
  </>
);

function Look({ title }: Titled) {
  const close = useRef<HTMLButtonElement>(null);
  const one = looked.value;
  useEffect(() => close.current?.focus(), [one]);
  if (one === undefined) return null;
  const end = (): void => {
    looked.value = undefined;
  };
  return (
    <Dialog label={say('similar')} class="look" end={end}>
      {one.sopInstanceUid !== null && <img src={filmAddress(one.sopInstanceUid, 1024)} alt={say('film')} />}
      <div>
        <strong class="number">{number(one.similarity, 2)}</strong> · {ageAndSex(one)} · {one.view}
        <Labels one={one} title={title} />
        <p class="quiet small">{say('similar.looking')}</p>
        <button type="button" ref={close} onClick={end}>
          {say('close')}
        </button>
      </div>
    </Dialog>
  );
}

const percent = (share: number): number => Math.round(share * 100);

function CutOff({ cutOff }: Pick<SimilarCases, 'cutOff'>) {
  if (cutOff === null) return <>{say('similar.not-measured')}</>;
  const { minimum, belowMinimum, alike, chance } = cutOff;
  const least = number(minimum, 2);
  return (
    <>
      {belowMinimum > 0 && say('similar.cut', { n: belowMinimum, least })}{' '}
      {say('similar.alike', { least, alike: percent(alike), chance: percent(chance) })}
    </>
  );
}

export function SimilarSection({
  similar,
  reading,
}: {
  readonly similar: SimilarCases | undefined;
  readonly reading: Reading;
}) {
  if (reading.outcome !== 'assessed') return null;
  const title = (code: string): string => {
    const head = headOf(reading.provenance, code);
    return head ? both(head.title) : code;
  };
  const near = similar?.neighbours ?? [];
  return (
    <section aria-label={say('similar')}>
      <h2>{say('similar')}</h2>
      {similar === undefined && <p class="quiet">{say('similar.none')}</p>}
      {similar && similar.nearDuplicates.length > 0 && <p class="place critical">⚠ {say('similar.duplicate')}</p>}
      {similar?.votes
        .filter(({ kind }) => kind === 'disagrees')
        .map(({ finding, positive, confirmed }) => (
          <p key={finding} class="place urgent">
            ⚠ {say('similar.disagrees', { finding: title(finding), positive, confirmed })}
          </p>
        ))}
      {similar && near.length === 0 && <p class="quiet">{say('similar.none')}</p>}
      <div class="similar">
        {near.map((one) => (
          <button key={one.readingId} type="button" class="plain case" onClick={() => (looked.value = one)}>
            {one.sopInstanceUid !== null && <Thumb key={one.sopInstanceUid} uid={one.sopInstanceUid} size={160} />}
            <span class="number">{number(one.similarity, 2)}</span> {ageAndSex(one)}
            <Labels one={one} title={title} />
          </button>
        ))}
      </div>
      <p class="quiet small">
        {similar && <CutOff {...similar} />}{' '}
        {similar?.method === 'exact'
          ? say('similar.exact')
          : similar?.recall && say('similar.recall', { n: Math.round(similar.recall.recall * 100) })}
      </p>
      <Look title={title} />
    </section>
  );
}
