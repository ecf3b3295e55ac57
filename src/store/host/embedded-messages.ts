// Messages between the database's thread and the rest of the program.

export type ToDatabase = { readonly kind: 'bytes'; readonly bytes: Uint8Array } | { readonly kind: 'close' };

/** One answer per request, in the same order. */
export type FromDatabase =
  | { readonly kind: 'ready' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'closed' };
