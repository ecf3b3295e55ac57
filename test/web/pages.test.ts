// The pages: served with a strict policy, in both languages, and asking nobody but this service.
import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMetrics } from '#http/metrics.ts';
import { type Server, createServer } from '#http/server.ts';
import { webRoutes } from '#web/routes.ts';

const FOLDER = 'src/web/static';
const files = readdirSync(FOLDER);
const textOf = (file: string): string => readFileSync(`${FOLDER}/${file}`, 'utf8');
const scripts = files.filter((file) => file.endsWith('.js'));

let app: Server;
beforeAll(async () => {
  const hostRule = { boundTo: '127.0.0.1', allowedHosts: [] };
  app = createServer({ hostRule, logLevel: 'silent', metrics: createMetrics() });
  await app.register(webRoutes);
});
afterAll(() => app.close());

const get = (url: string) => app.inject({ url, headers: { host: 'localhost' } });

/** `{ key: 'words', … }` of one language, as the browser would have it. */
function wordsOf(language: 'vi' | 'en'): Record<string, string> {
  const [, body = ''] = new RegExp(`^  ${language}: \\{([\\s\\S]*?)^  \\},`, 'm').exec(textOf('words.js')) ?? [];
  const words = [...body.matchAll(/'?([A-Za-z-]+)'?:\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g)];
  return Object.fromEntries(words.map(([, key = '', single, double]) => [key, single ?? double ?? '']));
}

const namesIn = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').toSorted();

describe('the pages', () => {
  test.each(['/', '/studies/1.2.3'])('%s is served and says that it is no medical device', async (url) => {
    const page = await get(url);
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('data-word="device"');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  });

  test('every file that a page names is there', async () => {
    for (const page of files.filter((file) => file.endsWith('.html'))) {
      const addresses = [...textOf(page).matchAll(/(?:src|href)="(\/static\/[^"]+)"/g)].map(
        ([, address]) => address ?? '',
      );
      expect(addresses.length).toBeGreaterThan(0);
      for (const address of addresses) expect((await get(address)).statusCode, address).toBe(200);
    }
  });

  test('nothing is fetched from elsewhere and nothing is run or styled inline', () => {
    for (const file of files.filter((name) => !name.endsWith('.svg')))
      expect(textOf(file), file).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
    for (const file of files.filter((name) => name.endsWith('.html')))
      expect(textOf(file), file).not.toMatch(/ style="|<style|<script(?![^>]* src=)| on\w+="/);
  });

  test('text from data is never parsed as HTML', () => {
    for (const file of scripts)
      expect(textOf(file), file).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write/);
  });
});

describe('the words of the pages', () => {
  test('exist in both languages, with the same values inside', () => {
    const [vi, en] = [wordsOf('vi'), wordsOf('en')];
    expect(Object.keys(vi).length).toBeGreaterThan(80);
    expect(Object.keys(vi).toSorted()).toEqual(Object.keys(en).toSorted());
    for (const [key, text] of Object.entries(en)) expect(namesIn(vi[key] ?? ''), key).toEqual(namesIn(text));
  });

  test('every word that a page or script asks for exists', () => {
    const known = wordsOf('en');
    const asked = files.flatMap((file) => [
      ...[...textOf(file).matchAll(/data-(?:word|placeholder)="([^"]+)"/g)].map(([, key]) => key ?? ''),
      ...[...textOf(file).matchAll(/\bword\('([^']+)'/g)].map(([, key]) => key ?? ''),
    ]);
    expect(asked.filter((key) => !(key in known))).toEqual([]);
  });
});
