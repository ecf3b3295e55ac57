// A service with films and a browser that looks at it, for one test file. These tests need Debian's Chromium and run by
// `npm run test:browser`; without Chromium they fail.
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { filmDicom, type FilmOptions } from '../fixtures/film.ts';
import { openTestService, type TestService } from '../flows/service.ts';

const CHROMIUM = '/usr/bin/chromium';

export interface Site {
  readonly service: TestService;
  readonly browser: Browser;
  /** Console errors and page errors of all pages, and requests that left the service. */
  readonly faults: string[];
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** Uploads films one by one and waits until they are read; their study UIDs. */
  send(films: readonly FilmOptions[]): Promise<string[]>;
  close(): Promise<void>;
}

export async function openSite(...service: Parameters<typeof openTestService>): Promise<Site> {
  const at = await openTestService(...service);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
  const faults: string[] = [];
  return {
    service: at,
    browser,
    faults,
    async open(path, options = {}) {
      const context = await browser.newContext({
        locale: 'en-GB',
        viewport: { width: 1440, height: 900 },
        ...options,
      });
      const page = await context.newPage();
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(message.text());
      });
      page.on('request', (request) => {
        if (!request.url().startsWith(at.address)) faults.push(`left for ${request.url()}`);
      });
      await page.goto(`${at.address}${path}`);
      // Chromium drops key presses that come before the first painted frame.
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
      return page;
    },
    async send(films) {
      const uids: string[] = [];
      for (const film of films) {
        const bytes = Uint8Array.from(await filmDicom(film));
        const { studies } = await at.client.upload([{ name: 'film.dcm', bytes }]);
        const [uid = ''] = studies;
        await at.client.waitUntilRead(uid);
        uids.push(uid);
      }
      return uids;
    },
    async close() {
      await browser.close();
      await at.close();
    },
  };
}

/** A page without the faults that the test itself has made. */
export const withoutMade = (faults: readonly string[]): string[] =>
  faults.filter((fault) => !/status of (?:404|422|500|503)/.test(fault) && !fault.includes('ERR_FAILED'));
