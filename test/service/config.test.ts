import { describe, expect, test } from 'vitest';
import { readConfig } from '#service/config.ts';

describe('settings', () => {
  test('by default the service listens on loopback only and needs no variable', () => {
    expect(readConfig({}, '/srv')).toMatchObject({ host: '127.0.0.1', port: 8080, dataDir: '/srv/.haidang' });
    expect(readConfig({ HAIDANG_PORT: '' }, '/srv').port).toBe(8080);
  });

  test.each([
    ['HAIDANG_PORT', '80a'],
    ['HAIDANG_PORT', '70000'],
    ['HAIDANG_PORT', ' 80'],
    ['DATABASE_URL', 'mysql://root:geheim@db/x'],
    ['HAIDANG_PROVIDERS', 'cpu,tpu'],
    ['HAIDANG_LOG_LEVEL', 'loud'],
  ])('%s is named when it is wrong, and its value is not repeated', (name, value) => {
    const wrong = () => readConfig({ [name]: value }, '/srv');
    expect(wrong).toThrow(expect.objectContaining({ code: 'config.invalid', field: name }));
    expect(wrong).not.toThrow(value);
  });

  test('a misspelt variable is not ignored', () => {
    expect(() => readConfig({ HAIDANG_PROT: '80' }, '/srv')).toThrow(
      expect.objectContaining({ code: 'config.unknown', field: 'HAIDANG_PROT' }),
    );
    expect(readConfig({ HAIDANG_TEST_DATABASE_URL: 'x' }, '/srv').port).toBe(8080);
  });

  test('a folder is relative to where the command was called', () => {
    expect(readConfig({ HAIDANG_DATA_DIR: 'data' }, '/home/bv').dataDir).toBe('/home/bv/data');
    expect(readConfig({ HAIDANG_DATA_DIR: '/mnt/x' }, '/home/bv').dataDir).toBe('/mnt/x');
  });
});
