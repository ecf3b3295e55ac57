// Remembers how to close each thing that was opened, and closes all in the opposite order, also when a start fails half-way.

type Close = () => Promise<unknown>;

/** What was opened, closed in the opposite order; also when the start fails half-way, since children and threads keep a process alive. */
export function owner() {
  const closers: Close[] = [];
  return {
    async own<Resource>(opening: Resource | Promise<Resource>, close: (resource: Resource) => Promise<unknown>) {
      const resource = await opening;
      closers.push(() => close(resource));
      return resource;
    },
    async closeAll(): Promise<void> {
      for (const close of closers.splice(0).reverse()) await close();
    },
  };
}
export type Owner = ReturnType<typeof owner>;

/** As Promise.all, but waits for the others when one fails: what they opened must be known before it can be closed. */
export async function allOf<First, Second, Third>(
  first: Promise<First>,
  second: Promise<Second>,
  third: Promise<Third>,
) {
  await Promise.allSettled([first, second, third]);
  return Promise.all([first, second, third]);
}
