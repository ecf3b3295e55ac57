import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { faultWord } from '#delivery/fault-word.ts';

test('a receiver that is not there is named by the code of the connection, not by the error of fetch', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await new Promise((resolve) => server.close(resolve));
  const thrown: unknown = await fetch(`http://127.0.0.1:${port}/`).catch((fault: unknown) => fault);
  expect(faultWord(thrown)).toBe('ECONNREFUSED');
});

test('never a text, which may name a patient', () => {
  expect(faultWord(new Error('NGUYEN VAN AN'))).toBe('Error');
  expect(faultWord(Object.assign(new Error('x'), { code: 'Nguyen Van An' }))).toBe('Error');
  expect(faultWord('NGUYEN VAN AN')).toBe('fault');
});
