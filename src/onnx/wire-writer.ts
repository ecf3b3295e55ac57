// Writes the protobuf wire format (varint, 64-bit, length-delimited, 32-bit), as far as ONNX needs it.

/** Appends fields in the order of the calls, so the same calls always give the same bytes. */
export interface WireWriter {
  /** Wire type 0. Zero is written too: ONNX readers tell a set zero from an absent one. */
  varint(field: number, value: number | bigint): void;
  /** Wire type 2. */
  bytes(field: number, value: Uint8Array): void;
  text(field: number, value: string): void;
  /** Wire type 5. */
  float(field: number, value: number): void;
  /** A nested message, written by `write`. */
  message(field: number, write: (inner: WireWriter) => void): void;
  /** Packed repeated int64. */
  packed(field: number, values: readonly number[]): void;
  /** Fields that are encoded already. */
  raw(fields: Uint8Array): void;
  finish(): Uint8Array;
}

function varintBytes(value: number | bigint): number[] {
  // Negative numbers are ten bytes of two's complement, as protobuf wants for int64.
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return bytes;
}

export function createWireWriter(): WireWriter {
  const parts: Uint8Array[] = [];
  const push = (bytes: readonly number[]): void => void parts.push(Uint8Array.from(bytes));
  const key = (field: number, wireType: number): void => push(varintBytes(field * 8 + wireType));
  const writer: WireWriter = {
    varint(field, value) {
      key(field, 0);
      push(varintBytes(value));
    },
    bytes(field, value) {
      key(field, 2);
      push(varintBytes(value.length));
      parts.push(value);
    },
    text(field, value) {
      writer.bytes(field, new TextEncoder().encode(value));
    },
    float(field, value) {
      key(field, 5);
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setFloat32(0, value, true);
      parts.push(bytes);
    },
    message(field, write) {
      const inner = createWireWriter();
      write(inner);
      writer.bytes(field, inner.finish());
    },
    packed(field, values) {
      writer.bytes(field, Uint8Array.from(values.flatMap(varintBytes)));
    },
    raw(fields) {
      parts.push(fields);
    },
    finish() {
      return new Uint8Array(Buffer.concat(parts));
    },
  };
  return writer;
}
