// Shared parts of the lists of people and of keys: the form that adds one, the head of the table, the properties of a row.
import { roleText } from '#web/pages/alerts/receivers.ts';
import { tellFault } from '#web/pages/shell/notices.tsx';
import { say } from '#web/pages/shell/words.ts';

const ROLES = ['radiologist', 'physician', 'nurse', 'researcher', 'his', 'admin', 'province'] as const;
export type Role = (typeof ROLES)[number];
export const roleOf = (text: unknown): Role | undefined => ROLES.find((role) => role === text);

interface AddProps {
  readonly label: string;
  readonly nameLabel: string;
  readonly pattern?: string;
  readonly withDays?: boolean;
  add(name: string, role: Role, days: number | undefined): Promise<void>;
}

export function AddForm({ label, nameLabel, pattern, withDays = false, add }: AddProps) {
  const submit = (event: Event): void => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!(form instanceof HTMLFormElement)) return;
    const fields = new FormData(form);
    const [name, role, days] = [fields.get('name'), roleOf(fields.get('role')), Number(fields.get('days') ?? 0)];
    if (typeof name !== 'string' || role === undefined) return;
    add(name.trim(), role, days > 0 ? days : undefined).then(() => form.reset(), tellFault);
  };
  return (
    <form class="fields" aria-label={label} onSubmit={submit}>
      <label>
        {nameLabel}
        <input name="name" required maxLength={63} pattern={pattern} autocomplete="off" />
      </label>
      <label>
        {say('people.role')}
        <select name="role" required>
          <option value="">{say('choose')}</option>
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {roleText(role)}
            </option>
          ))}
        </select>
      </label>
      {withDays && (
        <label>
          {say('people.days')}
          <input name="days" type="number" min={1} max={3650} />
        </label>
      )}
      <button type="submit">{label}</button>
    </form>
  );
}

export interface RowProps<Item> {
  readonly item: Item;
  readonly mayWrite: boolean;
  refresh(): Promise<void>;
}

export const Head = ({ first }: { readonly first: string }) => (
  <thead>
    <tr>
      <th>{first}</th>
      <th>{say('people.role')}</th>
      <th>{say('state')}</th>
      <th>
        <span class="hidden-title">{say('people.actions')}</span>
      </th>
    </tr>
  </thead>
);
