// The pages' entry: which page belongs to the address. The worklist is here, every other page comes when it is opened.
import './style.css';
import { type ComponentType, render } from 'preact';
import { signal } from '@preact/signals';
import { faultText } from '#web/pages/shell/api.ts';
import { loadModels } from '#web/pages/shell/heads.ts';
import { address } from '#web/pages/shell/router.ts';
import { loadSettings } from '#web/pages/shell/settings.ts';
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
  help: async () => (await import('#web/pages/help/help-page.tsx')).HelpPage,
};

const arrived = signal<Readonly<Record<string, ComponentType<PageProps>>>>({});
const failed = signal<unknown>(undefined);

function Page() {
  const [, kind = '', name = ''] = address.value.path.split('/');
  if (kind === '') return <WorklistPage />;
  const Known = arrived.value[kind];
  if (Known !== undefined) return <Known key={name} name={decodeURIComponent(name)} />;
  if (failed.value !== undefined)
    return (
      <main class="state">
        <p role="alert">{faultText(failed.value)}</p>
      </main>
    );
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

function App() {
  return (
    <Shell>
      <Page />
    </Shell>
  );
}

void loadModels();
void loadSettings();
const root = document.querySelector('#page');
if (root !== null) render(<App />, root);
