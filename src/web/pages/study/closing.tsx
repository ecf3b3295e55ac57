// "Done reading": never past an unanswered critical alert without a word, and always with the way back.
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { v1 } from '#web/pages/shell/api.ts';
import { Dialog } from '#web/pages/shell/dialog.tsx';
import { tell, tellFault } from '#web/pages/shell/notices.tsx';
import { go } from '#web/pages/shell/router.ts';
import { say } from '#web/pages/shell/words.ts';
import { isUnanswered, type StudyState } from './study-state.ts';

const asking = signal(false);

async function reopen(uid: string, then: () => void): Promise<void> {
  try {
    await v1.reopenStudy(uid);
    tell({ kind: 'done', text: say('reopened') });
    then();
  } catch (thrown) {
    tellFault(thrown);
  }
}

async function finish({ uid }: StudyState): Promise<void> {
  asking.value = false;
  try {
    await v1.closeStudy(uid);
    go(`/${sessionStorage.getItem('haidang-list') ?? ''}`);
    tell({
      kind: 'done',
      text: say('done-closed'),
      action: { label: say('undo'), run: () => void reopen(uid, () => go(`/studies/${uid}`)) },
    });
  } catch (thrown) {
    tellFault(thrown);
  }
}

const isGrave = (state: StudyState): boolean =>
  state.alerts.value.some((alert) => alert.severity === 'critical' && isUnanswered(alert));

export function CloseButton({ state }: { readonly state: StudyState }) {
  const study = state.study.value;
  if (study === undefined) return null;
  if (study.closedAt !== null)
    return (
      <button type="button" onClick={() => void reopen(state.uid, () => void state.refresh())}>
        {say('reopen')}
      </button>
    );
  return (
    <button
      type="button"
      id="close"
      onClick={() => {
        if (isGrave(state)) asking.value = true;
        else void finish(state);
      }}
    >
      {say('done-reading')}
    </button>
  );
}

export function CloseQuestion({ state }: { readonly state: StudyState }) {
  const back = useRef<HTMLButtonElement>(null);
  const open = asking.value;
  useEffect(() => {
    if (open) back.current?.focus();
  }, [open]);
  useEffect(() => () => void (asking.value = false), []);
  if (!open) return null;
  const end = (): void => {
    asking.value = false;
  };
  return (
    <Dialog label={say('unanswered.title')} role="alertdialog" end={end}>
      <h2 class="place critical">▲▲ {say('unanswered.title')}</h2>
      <p>{say('unanswered.text')}</p>
      <div class="actions">
        <button
          type="button"
          class="main"
          ref={back}
          onClick={() => {
            end();
            document.querySelector<HTMLElement>('.alert-card .actions button')?.focus();
          }}
        >
          {say('unanswered.back')}
        </button>
        <button type="button" onClick={() => void finish(state)}>
          {say('unanswered.close')}
        </button>
      </div>
    </Dialog>
  );
}
