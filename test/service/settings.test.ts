// docs/settings.md names every setting, and no other.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readConfig, SETTINGS } from '#service/config.ts';

const document = readFileSync('docs/settings.md', 'utf8');
const rows = [...document.matchAll(/^\| `([A-Z_0-9]+)` \| (.+?) \|/gm)].map(([, name = '', value = '']) => ({
  name,
  value,
}));

test('every setting has a row, and no row stands for nothing', () => {
  expect(rows.map(({ name }) => name).toSorted()).toEqual([...SETTINGS].toSorted());
});

test('a default in the table is the default', () => {
  const given = Object.fromEntries(
    rows.flatMap(({ name, value }) => {
      const literal = /^`([^`]+)`$/.exec(value)?.[1];
      return literal === undefined ? [] : [[name, literal]];
    }),
  );
  expect(readConfig(given, '/srv')).toEqual(readConfig({}, '/srv'));
});

test('without a login only a loopback address is accepted', () => {
  const HAIDANG_ACCESS = 'open';
  for (const host of ['127.0.0.1', 'localhost', '::1', '127.1.2.3'])
    expect(readConfig({ HAIDANG_ACCESS, HAIDANG_HOST: host }, '/srv').host).toBe(host);
  for (const host of ['0.0.0.0', '::', '10.1.0.5', 'cds.hospital.example']) {
    expect(readConfig({ HAIDANG_HOST: host }, '/srv')).toMatchObject({ access: 'login', host });
    expect(() => readConfig({ HAIDANG_ACCESS, HAIDANG_HOST: host }, '/srv')).toThrow(
      expect.objectContaining({ code: 'config.invalid', field: 'HAIDANG_HOST' }),
    );
  }
});
