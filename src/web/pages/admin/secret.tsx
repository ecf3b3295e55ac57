// A password or key that is shown once, and the question before something is taken away.
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Dialog } from '#web/pages/shell/dialog.tsx';
import { copyText, tellFault } from '#web/pages/shell/notices.tsx';
import { say } from '#web/pages/shell/words.ts';

interface Secret {
  readonly title: string;
  readonly text: string;
}
interface Question {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  run(): Promise<void>;
}

const secret = signal<Secret | undefined>(undefined);
const question = signal<Question | undefined>(undefined);

export const showSecret = (shown: Secret): void => {
  secret.value = shown;
};
export const askFirst = (asked: Question): void => {
  question.value = asked;
};

export function SecretSheet() {
  const shown = secret.value;
  const copy = useRef<HTMLButtonElement>(null);
  useEffect(() => copy.current?.focus(), [shown]);
  if (shown === undefined) return null;
  const end = (): void => {
    secret.value = undefined;
  };
  return (
    <Dialog label={shown.title} end={end}>
      <h2>{shown.title}</h2>
      <p>{say('secret.once')}</p>
      <p>
        <code class="secret" data-secret>
          {shown.text}
        </code>
      </p>
      <div class="actions">
        <button type="button" class="main" ref={copy} onClick={() => copyText(shown.text)}>
          {say('secret.copy')}
        </button>
        <button type="button" onClick={end}>
          {say('close')}
        </button>
      </div>
    </Dialog>
  );
}

export function QuestionSheet() {
  const asked = question.value;
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => back.current?.focus(), [asked]);
  if (asked === undefined) return null;
  const end = (): void => {
    question.value = undefined;
  };
  return (
    <Dialog label={asked.title} role="alertdialog" end={end}>
      <h2>{asked.title}</h2>
      <p>{asked.text}</p>
      <div class="actions">
        <button type="button" class="main" ref={back} onClick={end}>
          {say('cancel')}
        </button>
        <button
          type="button"
          data-confirm
          onClick={() => {
            end();
            asked.run().catch(tellFault);
          }}
        >
          {asked.yes}
        </button>
      </div>
    </Dialog>
  );
}
