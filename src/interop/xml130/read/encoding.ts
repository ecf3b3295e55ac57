// The bytes of a claim file or of one table as text: UTF-8, or UTF-16 as Windows tools save it, told by its first bytes.

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** A byte order mark, or the first `<` of an XML document; four bytes are enough. */
export function encodingOf(head: Uint8Array): Encoding {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be';
  return 'utf-8';
}

const HEAD_BYTES = 4;

/** However the chunks are cut. A broken character becomes U+FFFD, so that one of them does not lose the file. */
export async function* decodedText(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let head: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    const bytes = decoder === undefined ? Buffer.concat([head, chunk]) : chunk;
    if (decoder === undefined && bytes.length < HEAD_BYTES) {
      head = bytes;
      continue;
    }
    decoder ??= new TextDecoder(encodingOf(bytes));
    yield decoder.decode(bytes, { stream: true });
  }
  yield decoder === undefined ? new TextDecoder(encodingOf(head)).decode(head) : decoder.decode();
}
