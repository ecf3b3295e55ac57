// A WebAssembly codec and one stream → the result of one decoder that lives for that stream only; complaints and traps become refusals.
import { CareError } from '#kernel/errors.ts';
import { dicomErrors } from '#dicom/errors.ts';

export interface CodecHost<Module> {
  /** Opens a decoder, fills it with the stream, and gives its memory back after `work`. Throws dicom.broken-stream. */
  decode<Decoder extends CodecDecoder, Result>(
    stream: Uint8Array,
    open: (module: Module) => Decoder,
    work: (decoder: Decoder) => Result,
  ): Promise<Result>;
}

export interface HostOptions {
  /** For the reason of a refusal. */
  readonly name: string;
  /** Whether a line that the codec prints tells of a broken stream. */
  readonly isComplaint: (line: string) => boolean;
}

/** The module is loaded once, at the first frame. Nothing of a frame outlives its decoder. */
export function codecHost<Module>(
  load: (options: CodecModuleOptions) => Promise<Module>,
  { name, isComplaint }: HostOptions,
): CodecHost<Module> {
  let loading: Promise<Module> | undefined;
  let complaint: string | undefined;
  const listen = (line: string): void => {
    if (complaint === undefined && isComplaint(line)) complaint = line.trim();
  };

  return {
    async decode(stream, open, work) {
      loading ??= load({ print: listen, printErr: listen });
      const module = await loading;
      // From here to the end nothing waits, so one frame's complaint cannot be taken for another's.
      complaint = undefined;
      // A decoder that is used again can return the previous patient's picture when the next stream is broken.
      const decoder = open(module);
      const outcome = attempt(() => {
        decoder.getEncodedBuffer(stream.length).set(stream);
        return work(decoder);
      });
      // After a trap its memory may be in any state: the next frame gets a new instance.
      if ('trap' in outcome) loading = undefined;
      else decoder.delete();
      if ('result' in outcome && complaint === undefined) return outcome.result;
      if ('refusal' in outcome && complaint === undefined) throw outcome.refusal;
      throw dicomErrors.error('broken-stream', { reason: `${name}: ${complaint ?? 'the decoder gave up'}` });
    },
  };
}

type Attempt<Result> = { readonly result: Result } | { readonly refusal: CareError } | { readonly trap: unknown };

function attempt<Result>(work: () => Result): Attempt<Result> {
  try {
    return { result: work() };
  } catch (error) {
    return error instanceof CareError ? { refusal: error } : { trap: error };
  }
}
