// The container and service files name only settings that the program knows, and set their limits.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { SETTINGS } from '#service/config.ts';

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly ports?: readonly string[];
        readonly deploy?: { readonly resources?: { readonly limits?: { readonly memory?: string } } };
        readonly read_only?: boolean;
      }
    >
  >;
}

test.each(['compose.yaml', 'Dockerfile', 'deploy/systemd/haidang.service', 'docs/operations/install.en.md'])(
  '%s names only settings that the program has',
  (file) => {
    const named = readFileSync(file, 'utf8').match(/\bHAIDANG_[A-Z_]+\b/g) ?? [];
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !SETTINGS.includes(name))).toEqual([]);
  },
);

test('every service of compose.yaml has a memory limit and listens on the loopback address of its host only', () => {
  const { services }: Compose = parse(readFileSync('compose.yaml', 'utf8'));
  for (const [name, { ports = [], deploy }] of Object.entries(services)) {
    expect(deploy?.resources?.limits?.memory, name).toMatch(/^\d+g$/);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  }
  expect(services['haidang']?.read_only).toBe(true);
});
