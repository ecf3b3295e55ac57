// The frame of every page: where one is, the way to the others, language and theme, and that this is no registered device.
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { KeySheet, sheetOpen } from './keys.tsx';
import { Notices } from './notices.tsx';
import { address, follow } from './router.ts';
import { logOut, may, session } from './session.ts';
import { settings } from './settings.ts';
import { language, say, switchLanguage } from './words.ts';

const STORED = 'haidang-theme';
const theme = signal(localStorage.getItem(STORED) === 'light' ? 'light' : 'dark');
document.documentElement.dataset['theme'] = theme.value;

function switchTheme(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark';
  localStorage.setItem(STORED, theme.value);
  document.documentElement.dataset['theme'] = theme.value;
}

const PAGES = [
  ['/', 'page.worklist', 'readings:read'],
  ['/alerts', 'page.alerts', 'alerts:read'],
  ['/admin', 'page.admin', 'admin:read'],
  ['/help', 'page.help', 'signed-in'],
] as const;

const SANDBOX = ['/sandbox', 'page.sandbox', 'signed-in'] as const;

export function Shell({ children }: { readonly children: ComponentChildren }) {
  const { path } = address.value;
  return (
    <>
      <header class="top">
        <a class="brand" href="/" onClick={follow}>
          <img src="/static/lighthouse.svg" alt="" width="26" height="26" />
          <span>Hải Đăng</span>
        </a>
        <nav aria-label={say('pages')}>
          {[...PAGES, ...(settings.value.sandbox ? [SANDBOX] : [])]
            .filter(([, , scope]) => may(scope))
            .map(([to, word]) => (
              <a key={to} href={to} onClick={follow} aria-current={path === to ? 'page' : undefined}>
                {say(word)}
              </a>
            ))}
        </nav>
        <span class="grow" />
        {session.value?.login === true ? (
          <>
            <span id="actor">{session.value.actor}</span>
            <button type="button" class="plain" id="log-out" onClick={() => void logOut()}>
              {say('login.out')}
            </button>
          </>
        ) : null}
        <button
          type="button"
          class="plain key-help"
          onClick={() => (sheetOpen.value = true)}
          aria-label={say('key.title')}
          title={say('key.title')}
        >
          <kbd>?</kbd>
        </button>
        <button
          type="button"
          class="plain"
          onClick={switchTheme}
          aria-label={say(theme.value === 'dark' ? 'theme.light' : 'theme.dark')}
        >
          <span class="long">{say(theme.value === 'dark' ? 'theme.light' : 'theme.dark')}</span>
          <span class="short" aria-hidden="true">
            {theme.value === 'dark' ? '☀' : '☾'}
          </span>
        </button>
        <button
          type="button"
          class="plain"
          id="language"
          lang={language.value === 'vi' ? 'en' : 'vi'}
          onClick={switchLanguage}
        >
          {say('language')}
        </button>
      </header>
      <p class="device">{say('device')}</p>
      {children}
      <Notices />
      <KeySheet />
    </>
  );
}
