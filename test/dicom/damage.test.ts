// Damage inside coded data: foreign bytes between the markers of a stream whose lengths are right. What can be found is refused, and no
// whole stream is.
import { describe, expect, test } from 'vitest';
import { compressedFile, type Picture, SYNTAX } from './support/build.ts';
import { decodeBytes, refusalOf } from './support/decode.ts';
import { type Encoder, encodeFrame, wave } from './support/encode.ts';

const picture: Picture = { rows: 160, columns: 128, bitsAllocated: 16, bitsStored: 12 };
const values = wave(picture);

/** The same bytes in every run. */
function withForeignBytes(stream: Buffer, { at, count, seed }: { at: number; count: number; seed: number }): Buffer {
  const damaged = Buffer.from(stream);
  let state = seed;
  for (let place = at; place < at + count; place++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const other = state >>> 16;
    damaged[place] = (other & 0xff) === stream[place] ? other + 1 : other;
  }
  return damaged;
}

/** How many of `tries` streams with `count` foreign bytes, at places all over the coded data, are refused. */
async function refusedOf(encoder: Encoder, syntax: string, { count, tries }: { count: number; tries: number }) {
  const stream = await encodeFrame(encoder, picture, values);
  const start =
    encoder.startsWith('jpeg-2000') || encoder === 'htj2k' ? stream.indexOf(Buffer.from([0xff, 0x93])) + 40 : 700;
  let refused = 0;
  for (let index = 0; index < tries; index++) {
    const at = start + Math.floor(((stream.length - start - count - 2) * index) / tries);
    const damaged = withForeignBytes(stream, { at, count, seed: 7 + index });
    if ((await refusalOf(() => decodeBytes(compressedFile(picture, [damaged], { syntax })))) !== 'decoded') refused++;
  }
  return refused / tries;
}

describe('foreign bytes in coded data', () => {
  test.each([
    ['jpeg-2000', SYNTAX.jpeg2000, 1, 0.9],
    ['jpeg-2000', SYNTAX.jpeg2000, 400, 1],
    ['jpeg-2000-lossy', SYNTAX.jpeg2000Lossy, 1, 0.7],
    ['jpeg-2000-lossy', SYNTAX.jpeg2000Lossy, 400, 0.9],
    ['jpeg-ls', SYNTAX.jpegLs, 1, 0.9],
    ['jpeg-ls', SYNTAX.jpegLs, 400, 1],
    ['jpeg-lossless', SYNTAX.jpegLossless, 400, 1],
    // Most bytes of this coder are the bits of samples themselves: any bytes are some film, and only a marker among them tells.
    ['htj2k', SYNTAX.htj2k, 400, 0.2],
  ] as const)('%s in %s: of %i bytes at least %f is refused', async (encoder, syntax, count, least) => {
    expect(await refusedOf(encoder, syntax, { count, tries: 40 })).toBeGreaterThanOrEqual(least);
  });
});

/** A picture of 48 × 40 pixels of 12 bits, by encoders and options that films are packed with. */
const WHOLE_STREAMS = {
  'JJ2000, lossy': Buffer.from(
    '/0//UQApAAAAAAAwAAAAKAAAAAAAAAAAAAAAMAAAACgAAAAAAAAAAAABDwEB/1IADAAAAAEABQQEAAD/XAAjQm8Ybupu6m68ZwBnAGbi' +
      'X0xfTF9kSANIA0hFT9JP0k9h/2QAIgABQ3JlYXRlZCBieTogSkoyMDAwIHZlcnNpb24gNC4x/5AACgAAAAAAZgAB/5PP8BAMYa4NWv35' +
      '1sAPkBQB84OAD4QQC7cFdZAIwH1BEAPhEgD5AgAVx7UnblMIgQwPxjMUeK4ZwB8JEAfCPABCLGMokvnvxI01oqI82CU5SKAJAJERLqCA' +
      '/9k=',
    'base64',
  ),
  'OpenJPEG, two layers, raw passes': Buffer.from(
    '/0//UQApAAAAAAAwAAAAKAAAAAAAAAAAAAAAMAAAACgAAAAAAAAAAAABCwEB/1IADAAAAAIAAgQEAQH/XAAKQGBoaHBoaHD/ZAAlAAFD' +
      'cmVhdGVkIGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjD/kAAKAAAAAAJtAAH/k8+acRAYEnLMymvpnvXBpWb9FjwQ2OoRA1wJomyuxtD4' +
      'MNbTUBsg4GPsz2Xzvmt8tAsaqZ4Zarkubgazaqe26p5suUlUCgQk2EvQJm3AwOuQeIAdIPssBfNXNep6E2ZOcqvPC6FOGN0SDH1o4s75' +
      'kRE0mI8wmEmQO6kAgwVpYYbxn2PHiWvtLjzl7Z/ZCZYjY4SHLEyWsKUR7E3UK8n36j/3Pe4kDeZ+Ct8OTTEIydzPTvWU0KTfwphNXdmY' +
      'hCx9v4ftxs9X/cJvuAuTpvBQ/39G4uttZDRikEWVGzJQQR0F8reooBaQUSDVlIeBOwjMszwhLGBTjTVBWXIYt6x4N24ixgjzIiSir1TK' +
      'cU73ISdUh33HKkpU/ZNM3Q6rkX8Xjzzml6KAA/mlHTabZ/1Cn8/A9u0D26+PAAnr2RohizUgukgcqgom5APrMpFlujIMksLIxkeI84o4' +
      'bN8s7mu2WNeDXu+JyxClJdZ337gEw5LSG7axU58wTpjbqdBHD0syAVLdDdDGYUqS5ylkuKagUtplaDtACAYFM0IktXTSkS6TOco4XGGo' +
      'YIqP2ATQfEkBbTAwDgifFnek18XV6T3zQCHxpRMmmeXLlPTTow24CBFw2LvMtu2nF9nJEyZU8ml+l4SIhHz5j7yNT2nMb85jaP19OMGZ' +
      'lOLxZe89iCkr6go4kNR942b4bg73BHylpusWFElIOa+PtqVfthxYDOIiit11cxYN+kTjbNKdsUpeV5y1KuYbi5vjl3sO5/nPLvI//0li' +
      'Vcw7n+c8wYvqzlqVcw7n+c2iqhr4ncWn+PsTyb//2Q==',
    'base64',
  ),
  'OpenJPEG, two layers, every block style': Buffer.from(
    '/0//UQApAAAAAAAwAAAAKAAAAAAAAAAAAAAAMAAAACgAAAAAAAAAAAABCwEB/1IADAAAAAIAAgICPwH/XAAKQGBoaHBoaHD/ZAAlAAFD' +
      'cmVhdGVkIGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjD/kAAKAAAAAAUtAAH/k8+m2TSIFcFdEuAYEnLMymvpnvXBpWbkeQD9uma9/sid' +
      'GmGbaggrYp6Ubk3G5FX8HX3kRHp+nac1H/WZd8cUL2ExcZ03R+t9nza2p7bqnm0uUlUCgQk2EvQJm3AqtkblLrbWQ0YpBFlRsyUEEdDA' +
      '9koCuEHxykIkWecAtIAdIPssBfNXNjXAaM2W5UctZCVXsXSNhyOkJaA8TLZotdPLsikqLgnml6w9BlWRETSXklMHubugRbUyHNw6nqp/' +
      'l1tkkaM1W54l/DAXI91wgXiiI5sonxYEF4885peigAP5pR02m2f9QqAt4Hu18IvdCIQ+T2Pi84H3Cxgim1re0UReoTsCuj9xDBj7Pgl6' +
      'uLAJ69kaIYs1IMj602o+vlGCf1YS6Pd1sPp+Uf7A3K0XdII7s0gEFODR+9HisSmHviLsTbqVc1+4+EeY9TgMktrn10g1gcRIvw5yHj1S' +
      'Fk8Lz60T2UVQb4pZ8vsxBKuO7xakXkM50Mb0YDjMmb+PIZllbWQXSys3dwAZTNons1BMAW3PlX/dABpbOq0JyJnzofh03QNMsMBdmG8T' +
      '0NCsQoGnCA06+F+/Q0ABb4EwR7VDElnmv8sUkjjHMNcReWQBdDqghzpMHMUauCGCLfUucyVBEfZN+6fHkHUOc2GnCBOp2DkEB2QANBqF' +
      'oJ6g1wv1yiDoYRMlWyYJTHBepajstbwL9yhb8bWj3/sFpU8I+xmdFcDBqovzOUl+U8hpG5jzIEAQmaiwg/xPQlQqmpavQMrtfBqEaNTm' +
      'jdW0JjlvjttE3rTU3adkDhwfliX8gK9IGEwEfkwCxqf8YR8R8R+2BYvd0bZ1JRdlKkdcJ7gI5bYt9cCrNA/RctdGFVx0gECFthW1tkAD' +
      'WCYOW/LeEP41rVH8IokLCRvxDqRbBPxJAuKAgwwOKkMBrnXW2JbelD7IFmPUwVlG6agLL7a2Vg9ZbZBkod6bRqAIUAdViZUCy8MONZMs' +
      'TTAqI130WikqlwyrJaWqtmn4s2HRxaqAcnaVCI7uVpK0lbao+cAGC+RdLxayAgFzzn1JQMHXyPXpFPzkp7+12Fz2xjb+0pX8Q2Ap2FO/' +
      'hEaEbgk+AJsJR8Apkz4CAJDYJHwkoCVoSfEVROBJ/iNFQp/ECdBCBBCB+IF4QhCRvxBcRESf4hhJJgBD2KEOqEne9LrTlp+kG5uVDI5n' +
      'B8ydlPSCKUQ+4EO2Z2kg6Znv1IL0QDgjy5ANOdwJu/r0GRI1936Ky2scnVR9qXfctqo+BwFv8pvxUlZCQNw9iVAFt9kgP+FdCUDMfAJV' +
      'MncGUViLKrMuBUgIx1xya7B095dufibrtoKNkeAg+ho9KNAcmvIUVE15ttQA+Ho1KByMxYDvyNzktntoFcEk3PZXNAG2dv1lhHu2Ka24' +
      '13W1ssh19dawH3w/g+ix2iM3tjiBS09ZFMJqhi0wPU21dScirCZTX6lUPD4jA2Zrd4rIz1drtoyvnHPr6EfS1N4bq+2BnAxNPK88GZ3c' +
      'Uim2j3413BPZY9XhGaFMao5sRV+MthS0Z47H6oS3iiJvdOdStkNvBHRNstzCb72Qtte5BHgx8gGCNg2IembhtmOprQFXeLZn+lgaEqvJ' +
      'rz+wKr09wYYsUu9h3Pzttt88u9h3icTP855d7Da2q8mntqvJp540eN/zjdlcSE8VC9giK+W2nqS2AAAAKgAAAAAAAAAAAAAAAACmxnGF' +
      '5exCZLamnbYAAQAAAAAAABVrxufLnLZrkrYBAAAAFf/Z',
    'base64',
  ),
} as const;

describe('a whole JPEG 2000 stream is read', () => {
  const small: Picture = { rows: 40, columns: 48, bitsAllocated: 16, bitsStored: 12 };

  test.each(Object.entries(WHOLE_STREAMS))('%s', async (_name, stream) => {
    const bytes = compressedFile(small, [stream], { syntax: SYNTAX.jpeg2000Lossy });
    const { values: decoded } = await decodeBytes(bytes);
    expect(decoded[20 * 48 + 12]).toBeGreaterThan(500);
  });

  test.each(['jpeg-2000', 'jpeg-2000-lossy'] as const)('%s of noise and of one gray', async (encoder) => {
    const syntax = encoder === 'jpeg-2000' ? SYNTAX.jpeg2000 : SYNTAX.jpeg2000Lossy;
    for (const gray of [(at: number) => (at * 2654435761) % 4096, () => 0, () => 4095]) {
      const stream = await encodeFrame(
        encoder,
        picture,
        Array.from(values, (_, at) => gray(at)),
      );
      expect(await refusalOf(() => decodeBytes(compressedFile(picture, [stream], { syntax })))).toBe('decoded');
    }
  });
});
