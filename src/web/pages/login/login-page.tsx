// Log in: with the hospital's login, a local account, or the one-time code that the service printed (it comes after # in the address).
import { useEffect, useState } from 'preact/hooks';
import { HaidangError } from '#client/client.ts';
import { faultText, v1 } from '#web/pages/shell/api.ts';
import { say, type WordKey } from '#web/pages/shell/words.ts';

const REFUSALS: Readonly<Record<string, WordKey>> = {
  'login.no-role': 'login.refused.no-role',
  'login.login-expired': 'login.refused.expired',
  'login.provider-failed': 'login.refused.provider',
};

/** An address of this service and no other. */
const nextPath = (): string => {
  const next = new URLSearchParams(location.search).get('next') ?? '/';
  return /^\/(?![/\\])[^\\\s]*$/.test(next) && !next.startsWith('/login') ? next : '/';
};

/** Whoever may not read the worklist begins where they may. */
async function firstPage(): Promise<string> {
  const next = nextPath();
  if (next !== '/') return next;
  const { scopes } = (await v1.getSession()).data;
  if (scopes.includes('readings:read')) return '/';
  return scopes.includes('admin:read') ? '/admin' : '/help';
}

const refusedNow = (): string | undefined => {
  const code = new URLSearchParams(location.search).get('refused');
  return code === null ? undefined : say(REFUSALS[code] ?? 'login.refused.other');
};

const isCode = (thrown: unknown, code: string): boolean => thrown instanceof HaidangError && thrown.code === code;

interface Typed {
  readonly login: string;
  readonly password: string;
  readonly next: string;
}

const typedIn = (form: HTMLFormElement): Typed => {
  const fields = new FormData(form);
  const text = (name: string): string => {
    const value = fields.get(name);
    return typeof value === 'string' ? value : '';
  };
  return { login: text('login'), password: text('password'), next: text('next') };
};

export function LoginPage() {
  const [fault, setFault] = useState<string | undefined>(refusedNow);
  const [provider, setProvider] = useState<string | null>(null);
  const [mustChange, setMustChange] = useState(false);
  const [busy, setBusy] = useState(false);

  async function enter(way: () => Promise<unknown>): Promise<void> {
    setBusy(true);
    setFault(undefined);
    try {
      await way();
      location.assign(await firstPage());
    } catch (thrown) {
      setMustChange((before) => before || isCode(thrown, 'login.must-change'));
      setFault(faultText(thrown));
      setBusy(false);
    }
  }

  useEffect(() => {
    document.title = `${say('login.title')} – Hải Đăng`;
    void v1.getLoginWays().then(
      ({ data }) => setProvider(data.provider),
      (thrown: unknown) => setFault(faultText(thrown)),
    );
    const code = /^#code=([A-Za-z0-9_-]+)$/.exec(location.hash)?.[1];
    if (code === undefined) return;
    // The code opens nothing twice; it need not stand in the history either.
    history.replaceState(null, '', location.pathname + location.search);
    void enter(() => v1.logIn({ code }));
  }, []);

  const submit = (event: Event): void => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const { login, password, next } = typedIn(event.currentTarget);
    void enter(() =>
      mustChange ? v1.changePassword({ login, current: password, next }) : v1.logIn({ login, password }),
    );
  };

  return (
    <main class="login">
      <h1>{say('login.title')}</h1>
      {fault === undefined ? null : <p role="alert">{fault}</p>}
      {provider === null ? null : (
        <p>
          <a class="button" id="provider" href={`/login/provider?next=${encodeURIComponent(nextPath())}`}>
            {say('login.provider', { provider })}
          </a>
        </p>
      )}
      <form onSubmit={submit}>
        <label>
          {say('login.name')}
          <input name="login" autocomplete="username" required />
        </label>
        <label>
          {say('login.password')}
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        {mustChange ? (
          <label>
            {say('login.new-password')}
            <input name="next" type="password" autocomplete="new-password" minLength={12} required />
          </label>
        ) : null}
        <button type="submit" disabled={busy}>
          {say('login.enter')}
        </button>
      </form>
    </main>
  );
}
