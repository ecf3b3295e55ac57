// Division of a machine's cores. Several children of one thread read more films a second than one child of many threads (a
// network of 8 ms has little to divide), and each holds the model once: more than four only cost memory, then threads are added.
import { availableParallelism } from 'node:os';

export interface CoreShares {
  readonly processes: number;
  readonly threadsPerProcess: number;
}

const MOST_PROCESSES = 4;

/** A number that the site has set is kept. */
export function coreShares(
  set: { readonly processes: number | undefined; readonly threads: number | undefined },
  cores = availableParallelism(),
): CoreShares {
  const processes = set.processes ?? Math.min(MOST_PROCESSES, cores);
  return { processes, threadsPerProcess: set.threads ?? Math.max(1, Math.floor(cores / processes)) };
}

const MOST_PICTURE_THREADS = 8;

/** Threads that decode films and draw maps. Two also on one core: a page's film must not wait behind a large one that is taken in. */
export const pictureThreads = (cores = availableParallelism()): number =>
  Math.min(MOST_PICTURE_THREADS, Math.max(2, cores));

/** While one study is committed another one is in the model. */
export const studiesAtOnce = (processes: number): number => 2 * processes;
