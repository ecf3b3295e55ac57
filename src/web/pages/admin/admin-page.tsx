// Administration: models, drift, turnaround, alerts, messages, refused files, people, keys, audit. Every section stands alone, so that one
// that cannot be had takes no other away.
import { useEffect } from 'preact/hooks';
import { follow } from '#web/pages/shell/router.ts';
import { say } from '#web/pages/shell/words.ts';
import { AlertFigures } from './alerts-section.tsx';
import { Audit } from './audit-section.tsx';
import { Deliveries } from './deliveries-section.tsx';
import { EmergencyAccesses } from './emergency-section.tsx';
import { DriftSection } from './drift-section.tsx';
import { Models } from './models-section.tsx';
import { Keys } from './keys-section.tsx';
import { People } from './people-section.tsx';
import { Refused } from './refused-section.tsx';
import { QuestionSheet, SecretSheet } from './secret.tsx';
import { Stages } from './stages-section.tsx';
import { TurnaroundSection } from './turnaround-section.tsx';

const SECTIONS = [
  ['models', 'admin.models'],
  ['stages', 'admin.stages'],
  ['drift', 'admin.drift'],
  ['turnaround', 'admin.turnaround'],
  ['figures', 'admin.figures'],
  ['deliveries', 'admin.deliveries'],
  ['refused', 'admin.refused'],
  ['people', 'admin.people'],
  ['keys', 'admin.keys'],
  ['emergency', 'admin.emergency'],
  ['audit', 'admin.audit'],
] as const;

export function AdminPage() {
  useEffect(() => {
    document.title = `${say('page.admin')} – Hải Đăng`;
  }, []);
  return (
    <main class="page">
      <h1>{say('page.admin')}</h1>
      <nav class="sections" aria-label={say('admin.sections')}>
        {SECTIONS.map(([id, word]) => (
          <a key={id} href={`#${id}`}>
            {say(word)}
          </a>
        ))}
        <a href="/triage" onClick={follow}>
          {say('page.triage')}
        </a>
      </nav>
      <Models />
      <Stages />
      <DriftSection />
      <TurnaroundSection />
      <AlertFigures />
      <Deliveries />
      <Refused />
      <People />
      <Keys />
      <EmergencyAccesses />
      <Audit />
      <SecretSheet />
      <QuestionSheet />
    </main>
  );
}
