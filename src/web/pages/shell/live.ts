// Hears of changes while the page is looked at. A hidden tab holds no connection (a browser has six), and asks once when it is seen again.
export interface Change {
  readonly studies: readonly string[];
  readonly arrived: number;
}

export interface Live {
  close(): void;
}

/** `missed`: something may have happened while nothing was heard. */
export function listen(changed: (change: Change) => void, missed: () => void): Live {
  let source: EventSource | undefined;
  let broken = false;

  function open(): void {
    source = new EventSource('/v1/worklist/events');
    source.addEventListener('changed', (event) => changed(JSON.parse(event.data)));
    source.addEventListener('error', () => {
      broken = true;
    });
    source.addEventListener('open', () => {
      if (broken) missed();
      broken = false;
    });
  }
  function seen(): void {
    if (document.hidden) {
      source?.close();
      source = undefined;
    } else if (source === undefined) {
      open();
      missed();
    }
  }
  document.addEventListener('visibilitychange', seen);
  if (!document.hidden) open();
  return {
    close() {
      document.removeEventListener('visibilitychange', seen);
      source?.close();
    },
  };
}
