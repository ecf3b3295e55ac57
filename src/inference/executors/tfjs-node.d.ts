// The native library is optional: where it is not installed, the types of the portable one (which it extends) must do.
declare module '@tensorflow/tfjs-node' {
  export * from '@tensorflow/tfjs';
}
