// The smallest shape of the WebAssembly codecs that this room uses; the packages carry no types.
interface CodecFrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  readonly isSigned: boolean;
}

interface CodecModuleOptions {
  /** The codecs print to the console otherwise, and standard output belongs to the command's answer. */
  readonly print?: (line: string) => void;
  readonly printErr?: (line: string) => void;
}

interface CodecDecoder {
  /** A view of `length` bytes in the codec's memory, to be filled with the stream. */
  getEncodedBuffer(length: number): Uint8Array;
  /** A view into the codec's memory; copy it before the decoder is deleted. */
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): CodecFrameInfo;
  decode(): void;
  delete(): void;
}

declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  interface J2KDecoder extends CodecDecoder {
    decodeSubResolution(level: number, layers: number): void;
  }
  interface OpenJpegModule {
    readonly J2KDecoder: new () => J2KDecoder;
  }
  export default function load(options?: CodecModuleOptions): Promise<OpenJpegModule>;
}

declare module '@cornerstonejs/codec-openjph/wasmjs' {
  interface HTJ2KDecoder extends CodecDecoder {
    decodeSubResolution(level: number): void;
  }
  interface OpenJphModule {
    readonly HTJ2KDecoder: new () => HTJ2KDecoder;
  }
  export default function load(options?: CodecModuleOptions): Promise<OpenJphModule>;
}

declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  interface JpegLSDecoder extends CodecDecoder {
    /** 0 planes one after the other, 1 by line, 2 by sample. */
    getInterleaveMode(): number;
  }
  interface CharLsModule {
    readonly JpegLSDecoder: new () => JpegLSDecoder;
  }
  export default function load(options?: CodecModuleOptions): Promise<CharLsModule>;
}
