// Breaking the glass: one person's records of another facility, asked for with a reason, shown for an hour. The records can be read and not answered.
import { useEffect, useState } from 'preact/hooks';
import type { EmergencyRecords } from '#client/client.ts';
import { faultText, v1 } from '#web/pages/shell/api.ts';
import { both, percent, say, time } from '#web/pages/shell/words.ts';

const textOf = (fields: FormData, name: string): string => {
  const value = fields.get(name);
  return typeof value === 'string' ? value.trim() : '';
};

function Records({ records }: { readonly records: EmergencyRecords }) {
  const { facility, patientCode, endsAt, studies, alerts } = records;
  return (
    <section aria-label={say('emergency.records')} data-emergency={facility}>
      <h2>
        {patientCode} · {facility}
      </h2>
      <p class="small quiet">{say('emergency.until', { time: time(endsAt) })}</p>
      <h3>{say('page.alerts')}</h3>
      {alerts.length === 0 && <p class="quiet">{say('patient.no-alert')}</p>}
      <ul>
        {alerts.map(({ id, summary, createdAt }) => (
          <li key={id}>
            {time(createdAt)}: {both(summary)}
          </li>
        ))}
      </ul>
      <h3>{say('patient.films')}</h3>
      {studies.length === 0 && <p class="quiet">{say('patient.no-film')}</p>}
      <ul data-total={studies.length}>
        {studies.map(({ studyUid, studyTime, receivedAt, outcome, findings, reasons }) => (
          <li key={studyUid} data-emergency-study={studyUid}>
            {time(studyTime ?? receivedAt)}:{' '}
            {outcome === 'assessed'
              ? findings
                  .map(
                    ({ title, probability }) =>
                      `${both(title)}${probability === null ? '' : ` ${percent(probability)}`}`,
                  )
                  .join(', ') || say('nothing-positive')
              : `${outcome === null ? say('waiting') : say(`outcome.${outcome}`)} ${reasons.map(({ text }) => both(text)).join(' ')}`}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function EmergencyPage() {
  const [records, setRecords] = useState<EmergencyRecords | undefined>(undefined);
  const [fault, setFault] = useState<string | undefined>(undefined);
  useEffect(() => {
    document.title = `${say('page.emergency')} – Hải Đăng`;
  }, []);

  async function open(fields: FormData): Promise<void> {
    setFault(undefined);
    setRecords(undefined);
    try {
      const [facility, patientCode, reason] = [
        textOf(fields, 'facility'),
        textOf(fields, 'patient'),
        textOf(fields, 'reason'),
      ];
      const { data } = await v1.openEmergencyAccess({ facility, patientCode, reason });
      setRecords((await v1.readEmergencyAccess(data.facility, data.id)).data);
    } catch (thrown) {
      setFault(faultText(thrown));
    }
  }
  const submit = (event: Event): void => {
    event.preventDefault();
    if (event.currentTarget instanceof HTMLFormElement) void open(new FormData(event.currentTarget));
  };
  const asked = new URLSearchParams(location.search).get('patient') ?? '';

  return (
    <main class="page">
      <h1>{say('page.emergency')}</h1>
      <p>{say('emergency.help')}</p>
      {fault !== undefined && <p role="alert">{fault}</p>}
      <form class="fields" aria-label={say('page.emergency')} onSubmit={submit}>
        <label>
          {say('emergency.facility')}
          <input name="facility" required pattern="[a-z0-9][a-z0-9\-]{0,62}" autocomplete="off" />
        </label>
        <label>
          {say('emergency.patient')}
          <input name="patient" required maxLength={64} value={asked} autocomplete="off" />
        </label>
        <label>
          {say('emergency.reason')}
          <input name="reason" required minLength={10} maxLength={500} autocomplete="off" />
        </label>
        <button type="submit">{say('emergency.open')}</button>
      </form>
      {records !== undefined && <Records records={records} />}
    </main>
  );
}
