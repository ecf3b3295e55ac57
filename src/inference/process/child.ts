// One child process as its parent sees it: it is told what to load, then runs one tensor at a time, and may die at any moment.
import { fork } from 'node:child_process';
import { inferenceErrors } from '#inference/errors.ts';
import {
  type Answer,
  type Fault,
  type LoadedModel,
  type LoadRequest,
  type ChildRequest,
  type Report,
  reportSchema,
  type RunRequest,
} from './wire.ts';
import { answerOf, placedLoad, placedRun } from './shared-layout.ts';
import { clearShared, openSharedFile } from './shared-file.ts';

export type RunResult = Answer | Fault | { readonly kind: 'died' };
export type LoadResult = readonly LoadedModel[] | 'died';

export interface ChildExit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface InferenceChild {
  readonly pid: number | undefined;
  readonly exited: Promise<ChildExit>;
  /** Never rejects: dying is an answer. */
  load(order: LoadRequest): Promise<LoadResult>;
  /** One at a time. Never rejects. */
  run(order: RunRequest): Promise<RunResult>;
  /** SIGKILL: harmless to the parent also in the middle of a native run, which nothing else can stop. */
  kill(): void;
  /** Ends an idle child; one that does not go within the grace is killed. */
  close(): Promise<void>;
}

const CLOSE_GRACE_MS = 2_000;

/** `.ts` in a clone, `.js` beside the bundle in the published package. */
export const defaultWorkerFile = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './inference-worker.js', import.meta.url);

export function startChild(workerFile: URL): InferenceChild {
  const shared = openSharedFile();
  const process = fork(workerFile, {
    // Nothing of a test runner's or debugger's flags; the child's output goes to standard error, for standard output is for JSON.
    execArgv: [],
    // The shared file is the child's descriptor CHILD_FD.
    stdio: ['ignore', 2, 2, 'ipc', shared.fd],
  });
  let onLoaded: ((result: LoadResult) => void) | undefined;
  let onRun: { readonly id: number; readonly done: (result: RunResult) => void } | undefined;
  let alive = true;

  const exited = new Promise<ChildExit>((resolve) => {
    const gone = (code: number | null, signal: string | null): void => {
      if (!alive) return;
      alive = false;
      shared.close();
      onLoaded?.('died');
      onRun?.done({ kind: 'died' });
      resolve({ code, signal });
    };
    process.once('exit', gone);
    // A fork that fails, or a channel that breaks: there is nothing to wait for.
    process.once('error', () => {
      process.kill('SIGKILL');
      if (process.pid === undefined) gone(null, null);
    });
  });

  process.on('message', (message) => {
    try {
      take(reportSchema.parse(message));
    } catch {
      // A broken child: neither its message nor its file can be believed.
      process.kill('SIGKILL');
    }
  });

  function take(report: Report): void {
    if (report.kind === 'loaded') {
      clearShared(shared.fd);
      onLoaded?.(report.models);
      onLoaded = undefined;
    } else if (alive && report.id === onRun?.id) {
      const { done } = onRun;
      const result = report.kind === 'answer' ? answerOf(shared.fd, report) : report;
      onRun = undefined;
      done(result);
    }
  }

  const send = (order: ChildRequest): void => {
    // An error here means that the child is gone; its exit tells the rest.
    if (alive && process.connected) process.send(order, () => undefined);
  };

  return {
    pid: process.pid,
    exited,
    load: (order) =>
      new Promise((resolve) => {
        if (!alive) return resolve('died');
        onLoaded = resolve;
        try {
          send(placedLoad(shared.fd, order));
        } catch {
          process.kill('SIGKILL');
        }
      }),
    run: (order) =>
      new Promise((resolve) => {
        if (!alive) return resolve({ kind: 'died' });
        if (onRun !== undefined) throw inferenceErrors.error('failed', { reason: 'two runs at once in one child' });
        const placed = placedRun(shared.fd, order);
        if (placed.kind === 'fault') return resolve(placed);
        onRun = { id: order.id, done: resolve };
        send(placed);
      }),
    kill: () => {
      process.kill('SIGKILL');
    },
    async close() {
      if (!alive) return;
      const timer = setTimeout(() => process.kill('SIGKILL'), CLOSE_GRACE_MS);
      if (process.connected) process.disconnect();
      await exited;
      clearTimeout(timer);
    },
  };
}
