// Bytes in memory that threads share: a film travels to the thread that decodes it without a copy, and leaves nothing to collect.

/** As Buffer.concat. Read only, once it is handed on. */
export function sharedConcat(chunks: readonly Uint8Array[], length: number): Buffer {
  const joined = Buffer.from(new SharedArrayBuffer(length));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}
