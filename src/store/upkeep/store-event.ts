// Events of the store's own upkeep, for the log.

export interface StoreEvent {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
  readonly detail?: string;
}
