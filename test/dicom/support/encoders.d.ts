// The encoders of the WebAssembly codecs; the packages carry no types, and the service encodes nothing.
interface GridEncoder {
  getDecodedBuffer(frame: CodecFrameInfo & { readonly isUsingColorTransform: boolean }): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  setImageOffset(offset: { readonly x: number; readonly y: number }): void;
  setDecompositions(levels: number): void;
  setBlockDimensions(size: { readonly width: number; readonly height: number }): void;
  setProgressionOrder(order: number): void;
  encode(): void;
  delete(): void;
}

declare module '@cornerstonejs/codec-openjpeg/wasmjs' {
  interface J2KEncoder extends GridEncoder {
    /** By layer; 0 loses nothing. */
    setCompressionRatio(layer: number, ratio: number): void;
  }
  export default function load(options?: CodecModuleOptions): Promise<{ readonly J2KEncoder: new () => J2KEncoder }>;
}

declare module '@cornerstonejs/codec-openjph/wasmjs' {
  interface HTJ2KEncoder extends GridEncoder {
    setQuality(reversible: boolean, quantization: number): void;
  }
  interface OpenJphModule {
    readonly HTJ2KEncoder: new () => HTJ2KEncoder;
  }
}
