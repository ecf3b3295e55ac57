// Reads the protobuf wire format as places in the same bytes, so that what is not understood is carried along unchanged.

export interface WireField {
  readonly number: number;
  /** Of the whole field, its key included. */
  readonly from: number;
  /** Of what it holds, where it is a message, text or bytes. */
  readonly start: number;
  readonly end: number;
  /** Of a varint, as the signed number that int64 fields hold. */
  readonly value: number;
}

const cut = (at: number): RangeError => new RangeError(`the file ends within a field at byte ${at}`);

/** The fields between `from` and `to`. Throws RangeError for bytes that are no protobuf message, or that end early. */
export function* wireFields(bytes: Uint8Array, from = 0, to = bytes.length): Generator<WireField> {
  let at = from;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined || at >= to) throw cut(at);
      if (shift > 63n) throw new RangeError(`a number of more than 64 bits at byte ${at}`);
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
  };
  while (at < to) {
    const begin = at;
    const key = varint();
    const kind = key % 8;
    if (kind !== 0 && kind !== 1 && kind !== 2 && kind !== 5)
      throw new RangeError(`unknown wire type ${kind} at byte ${begin}`);
    const value = kind === 0 || kind === 2 ? varint() : 0;
    const length = kind === 2 ? value : kind === 5 ? 4 : kind === 1 ? 8 : 0;
    if (length < 0 || at + length > to) throw cut(begin);
    yield { number: Math.floor(key / 8), from: begin, start: at, end: at + length, value };
    at += length;
  }
}
