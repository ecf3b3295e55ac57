// The guided tour over the real pages: a part is lit, a sentence says what it is; arrows lead on and back, Escape ends it.
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { tellFault } from '#web/pages/shell/notices.tsx';
import { address, go } from '#web/pages/shell/router.ts';
import { say } from '#web/pages/shell/words.ts';
import { type TourStep, tourSteps } from './tour-steps.ts';

interface Lit {
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

const steps = signal<readonly TourStep[]>([]);
const at = signal<number | undefined>(undefined);
const lit = signal<Lit | undefined>(undefined);

const LOOK_MS = 150;
const MARGIN = 6;

export async function startTour(): Promise<void> {
  try {
    steps.value = await tourSteps();
    at.value = 0;
  } catch (thrown) {
    tellFault(thrown);
  }
}

function end(): void {
  at.value = undefined;
  lit.value = undefined;
}

function move(by: number): void {
  if (at.value === undefined) return;
  const next = at.value + by;
  if (next >= steps.value.length) return end();
  at.value = Math.max(0, next);
}

function look(step: TourStep): void {
  const part = document.querySelector(step.shows);
  if (part === null) {
    lit.value = undefined;
    return;
  }
  const { top, left, width, height } = part.getBoundingClientRect();
  const before = lit.value;
  const same = before?.top === top && before.left === left && before.width === width && before.height === height;
  if (!same) lit.value = { top, left, width, height };
}

/** Keys of the tour come before those of the page. */
function onKey(event: KeyboardEvent): void {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (by === undefined && event.key !== 'Escape') return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (by === undefined) end();
  else move(by);
}

const px = (length: number): string => `${length}px`;

function Light({ part: { top, left, width, height } }: { readonly part: Lit }) {
  return (
    <div
      class="tour-light"
      style={{
        top: px(top - MARGIN),
        left: px(left - MARGIN),
        width: px(width + 2 * MARGIN),
        height: px(height + 2 * MARGIN),
      }}
    />
  );
}

/** Goes to the step's page, waits for its part, and follows it while it moves. */
function useStep(step: TourStep | undefined): void {
  useEffect(() => {
    if (step === undefined) return;
    if (address.value.path !== step.path) go(step.path);
    let isShown = false;
    const timer = setInterval(() => {
      const part = document.querySelector(step.shows);
      if (part !== null && !isShown) part.scrollIntoView({ block: 'center' });
      isShown ||= part !== null;
      look(step);
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [step]);
}

export function Tour() {
  const place = at.value;
  const step = place === undefined ? undefined : steps.value[place];
  const next = useRef<HTMLButtonElement>(null);
  const isOn = step !== undefined;
  useStep(step);
  useEffect(() => next.current?.focus(), [step]);
  useEffect(() => {
    if (!isOn) return;
    addEventListener('keydown', onKey, { capture: true });
    return () => removeEventListener('keydown', onKey, { capture: true });
  }, [isOn]);
  if (place === undefined || step === undefined) return null;
  const part = lit.value;
  const isLow = part !== undefined && part.top + part.height / 2 > innerHeight / 2;
  const isLast = place === steps.value.length - 1;
  return (
    <>
      {part !== undefined && <Light part={part} />}
      <div
        class={`tour ${isLow ? 'high' : ''}`}
        role="dialog"
        aria-label={say('tour.title')}
        data-tour-step={place + 1}
      >
        <p aria-live="polite">{say(step.text)}</p>
        <div class="actions">
          <span class="small quiet">{say('tour.place', { at: place + 1, n: steps.value.length })}</span>
          <span class="grow" />
          <button type="button" onClick={end}>
            {say('tour.skip')} <kbd>Esc</kbd>
          </button>
          <button type="button" disabled={place === 0} onClick={() => move(-1)}>
            ← {say('tour.back')}
          </button>
          <button type="button" class="main" ref={next} onClick={() => move(1)}>
            {say(isLast ? 'tour.end' : 'tour.next')} →
          </button>
        </div>
      </div>
    </>
  );
}
