// The pages' entry: which page belongs to the address. The worklist is here, every other page comes when it is opened.
import './style.css';
import { type ComponentType, render } from 'preact';
import { signal } from '@preact/signals';
import { faultText } from '#web/pages/shell/api.ts';
import { loadModels } from '#web/pages/shell/heads.ts';
import { address } from '#web/pages/shell/router.ts';
import { loadSettings } from '#web/pages/shell/settings.ts';
import { loadSession, may, type Scope, session } from '#web/pages/shell/session.ts';
import { Shell } from '#web/pages/shell/shell.tsx';
import { say } from '#web/pages/shell/words.ts';
import { WorklistPage } from '#web/pages/worklist/worklist-page.tsx';

interface PageProps {
  /** What the address names: a study's UID, a patient's code. */
  readonly name: string;
}

const LATER: Readonly<Record<string, () => Promise<ComponentType<PageProps>>>> = {
  studies: async () => (await import('#web/pages/study/study-page.tsx')).StudyPage,
  patients: async () => (await import('#web/pages/patient/patient-page.tsx')).PatientPage,
  alerts: async () => (await import('#web/pages/alerts/alerts-page.tsx')).AlertsPage,
  sandbox: async () => (await import('#web/pages/sandbox/sandbox-page.tsx')).SandboxPage,
  triage: async () => (await import('#web/pages/triage/triage-page.tsx')).TriagePage,
  admin: async () => (await import('#web/pages/admin/admin-page.tsx')).AdminPage,
  emergency: async () => (await import('#web/pages/emergency/emergency-page.tsx')).EmergencyPage,
  login: async () => (await import('#web/pages/login/login-page.tsx')).LoginPage,
  help: async () => {
    tour.value = (await import('#web/pages/help/tour.tsx')).Tour;
    return (await import('#web/pages/help/help-page.tsx')).HelpPage;
  },
};

const arrived = signal<Readonly<Record<string, ComponentType<PageProps>>>>({});
const failed = signal<unknown>(undefined);

const NEEDS: Readonly<Record<string, Scope>> = {
  '': 'readings:read',
  studies: 'readings:read',
  patients: 'readings:read',
  alerts: 'alerts:read',
  admin: 'admin:read',
  emergency: 'emergency:open',
};

function Forbidden({ scope }: { readonly scope: Scope }) {
  const { actor = '', roles = [] } = session.value ?? {};
  return (
    <main class="state">
      <h1>{say('forbidden.title')}</h1>
      <p role="alert">{say('forbidden.text', { actor, roles: roles.join(', '), scope })}</p>
    </main>
  );
}

function Page() {
  const [, kind = '', name = ''] = address.value.path.split('/');
  const scope = NEEDS[kind];
  if (failed.value !== undefined)
    return (
      <main class="state">
        <p role="alert">{faultText(failed.value)}</p>
      </main>
    );
  if (scope !== undefined && !may(scope)) return <Forbidden scope={scope} />;
  if (kind === '') return <WorklistPage />;
  const Known = arrived.value[kind];
  if (Known !== undefined) return <Known key={name} name={decodeURIComponent(name)} />;
  LATER[kind]?.().then(
    (page) => {
      arrived.value = { ...arrived.value, [kind]: page };
    },
    (thrown: unknown) => {
      failed.value = thrown;
    },
  );
  return <main class="state">{say('loading')}</main>;
}

/** Comes with the help page, and goes on over the others. */
const tour = signal<ComponentType | undefined>(undefined);

function App() {
  const OnTour = tour.value;
  return (
    <Shell>
      <Page />
      {OnTour !== undefined && <OnTour />}
    </Shell>
  );
}

/** Who sits here comes first: without a login the browser goes to the login page. */
async function start(): Promise<void> {
  if (location.pathname === '/login') return;
  try {
    await loadSession();
  } catch (thrown) {
    failed.value = thrown;
    return;
  }
  void loadSettings();
  if (may('models:read')) void loadModels();
}

await start();
const root = document.querySelector('#page');
if (root !== null) render(<App />, root);
