// Something that a page asks the service for: coming, here, or a sentence with the way to ask again. An empty list is never an unreachable one.
import { type ReadonlySignal, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { faultText } from './api.ts';
import { say } from './words.ts';

export interface Loaded<Value> {
  readonly value: ReadonlySignal<Value | undefined>;
  readonly fault: ReadonlySignal<string | undefined>;
  load(): Promise<void>;
}

export function useLoaded<Value>(ask: () => Promise<{ readonly data: Value }>, key = ''): Loaded<Value> {
  const loaded = useMemo(() => {
    const value = signal<Value | undefined>(undefined);
    const fault = signal<string | undefined>(undefined);
    let asked = 0;
    return {
      value,
      fault,
      async load() {
        const turn = ++asked;
        try {
          const { data } = await ask();
          // A later question has its own answer.
          if (turn !== asked) return;
          value.value = data;
          fault.value = undefined;
        } catch (thrown) {
          if (turn === asked) fault.value = faultText(thrown);
        }
      },
    };
  }, [key]);
  useEffect(() => void loaded.load(), [loaded]);
  return loaded;
}

interface WhenLoadedProps<Value> {
  readonly of: Loaded<Value>;
  readonly children: (value: Value) => ComponentChildren;
}

export function WhenLoaded<Value>({ of, children }: WhenLoadedProps<Value>) {
  const { value, fault } = of;
  return (
    <>
      {fault.value !== undefined && (
        <p class="fault" role="alert">
          {fault.value}{' '}
          <button type="button" onClick={() => void of.load()}>
            {say('retry')}
          </button>
        </p>
      )}
      {value.value === undefined
        ? fault.value === undefined && <p class="quiet">{say('loading')}</p>
        : children(value.value)}
    </>
  );
}
