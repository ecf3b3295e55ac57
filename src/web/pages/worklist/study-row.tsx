// One study of the list. The row itself holds the focus, and Enter on it opens this study and no other.
import { memo } from 'preact/compat';
import type { WorklistRow } from '#client/client.ts';
import { nameOf, personOf, studyAddress } from '#web/pages/shell/person.ts';
import { PlaceTag } from '#web/pages/shell/place-tag.tsx';
import { settings } from '#web/pages/shell/settings.ts';
import { Thumb } from '#web/pages/shell/thumb.tsx';
import { both, duration, percent, say, time } from '#web/pages/shell/words.ts';

interface RowProps {
  readonly row: WorklistRow;
  open(uid: string): void;
}

/** The most urgent ones; a row stays one line high where it can. */
const SHOWN_FINDINGS = 3;

function Findings({ row }: { readonly row: WorklistRow }) {
  if (row.findings.length === 0)
    return (
      <span class="quiet">
        {say('nothing-positive')}
        {row.undecided > 0 && ` · ${say('undecided', { n: row.undecided })}`}
      </span>
    );
  const rejected = row.answered !== null;
  return (
    <ul class="chips">
      {row.findings.slice(0, SHOWN_FINDINGS).map(({ code, title, priority, probability, said }) => (
        <li key={code} class={`chip ${said === 'absent' || rejected ? 'denied' : priority}`}>
          <span class="chip-name" title={both(title)}>
            {said === 'absent' || rejected ? <s>{both(title)}</s> : both(title)}
          </span>
          {probability !== null && <span class="number"> {percent(probability)}</span>}
          {said !== null && <em> {say(`said.${said}`)}</em>}
        </li>
      ))}
      {row.findings.length > SHOWN_FINDINGS && (
        <li class="quiet" title={row.findings.map(({ title }) => both(title)).join(', ')}>
          +{row.findings.length - SHOWN_FINDINGS}
        </li>
      )}
      {row.undecided > 0 && <li class="quiet">{say('undecided', { n: row.undecided })}</li>}
    </ul>
  );
}

function Outcome({ row }: { readonly row: WorklistRow }) {
  const { outcome, progress, reasons } = row;
  const why = reasons.map(({ text }) => both(text)).join(' ');
  if (progress?.state === 'retrying')
    return (
      <span class="unread said">
        ↻ {say('retrying', { n: progress.attempt })} {why}
      </span>
    );
  if (outcome === null) return <span class="quiet">{say(progress?.state === 'running' ? 'running' : 'waiting')}</span>;
  if (outcome === 'assessed' && settings.value.firstRead && row.closedAt === null)
    return <span class="quiet">{say('first-read.hidden')}</span>;
  if (outcome === 'assessed') return <Findings row={row} />;
  return (
    <span class="unread said" title={why}>
      <strong>? {say(`outcome.${outcome}`)}</strong>
      {why !== '' && `: ${why}`}
    </span>
  );
}

const Status = ({ row }: { readonly row: WorklistRow }) => (
  <>
    {row.closedAt !== null && <span class="tag">✓ {say('closed')}</span>}
    {row.answered !== null && <span class="tag">{say(`answered.${row.answered}`)}</span>}
    {row.alertIds.length > 0 && row.closedAt === null && (
      <span class={`tag bell ${row.place}`}>! {say('alert-open')}</span>
    )}
  </>
);

export const StudyRow = memo(function StudyRow({ row, open }: RowProps) {
  const { studyUid } = row;
  return (
    <tr
      class={`study ${row.place} ${row.closedAt === null ? '' : 'done'} ${row.openedAt === null ? 'fresh' : ''}`}
      data-study-uid={studyUid}
      data-outcome={row.outcome ?? 'unread'}
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.target !== event.currentTarget) return;
        event.preventDefault();
        open(studyUid);
      }}
      onClick={(event) => {
        if (getSelection()?.isCollapsed === false || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        open(studyUid);
      }}
    >
      <td class="where">
        <PlaceTag place={row.place} />
        <div class="small quiet" title={both(row.because.text)}>
          {say(`because.${row.because.code}`)}
        </div>
      </td>
      <td class="thumb">
        {row.film === null ? (
          <span class="thumb-field" data-thumb="none">
            <span class="quiet" role="img" aria-label={say('film.none')} title={say('film.none')}>
              –
            </span>
          </span>
        ) : (
          <Thumb key={row.film} uid={row.film} size={96} />
        )}
      </td>
      <td class="who">
        <a class="name" href={studyAddress(studyUid)} tabIndex={-1}>
          {nameOf(row)}
        </a>
        <div class="small quiet">{personOf(row)}</div>
      </td>
      <td class="what">
        <Outcome row={row} />
      </td>
      <td class="about small">
        <div>{[row.modality, row.description].filter((part) => part).join(' · ')}</div>
        <div class="quiet">{[row.order?.question, row.accessionNumber].filter((part) => part).join(' · ')}</div>
      </td>
      <td class="when small">
        <div class="number" title={time(row.receivedAt)}>
          {row.closedAt === null ? duration(row.waitedMinutes) : time(row.closedAt)}
        </div>
        <Status row={row} />
      </td>
    </tr>
  );
});
