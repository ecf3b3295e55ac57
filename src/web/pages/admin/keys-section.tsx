// Keys of systems: made, replaced, revoked. A key is shown once.
import type { ApiKey } from '#client/client.ts';
import { roleText } from '#web/pages/alerts/receivers.ts';
import { v1 } from '#web/pages/shell/api.ts';
import { useLoaded, WhenLoaded } from '#web/pages/shell/loaded.tsx';
import { tell, tellFault } from '#web/pages/shell/notices.tsx';
import { may } from '#web/pages/shell/session.ts';
import { Scrolled } from '#web/pages/shell/scrolled.tsx';
import { say, time } from '#web/pages/shell/words.ts';
import { AddForm, Head, type Role, roleOf, type RowProps } from './access-form.tsx';
import { nextKeyName } from './key-name.ts';
import { askFirst, showSecret } from './secret.tsx';

function KeyRow({ item, mayWrite, refresh, names }: RowProps<ApiKey> & { readonly names: readonly string[] }) {
  const { id, name, roles, endsAt, revoked } = item;
  const [role] = roles.map(roleOf);
  const revoke = (): void =>
    askFirst({
      title: say('people.revoke-title', { name }),
      text: say('people.revoke-text'),
      yes: say('people.revoke'),
      async run() {
        await v1.revokeKey(id);
        tell({ kind: 'done', text: say('people.revoked-now', { name }) });
        await refresh();
      },
    });
  const replace = async (of: Role): Promise<void> => {
    const next = nextKeyName(name, names);
    const { data } = await v1.addKey({ name: next, role: of });
    showSecret({ title: say('people.replaced', { name, next }), text: data.key });
    await refresh();
  };
  return (
    <tr data-key={name}>
      <td>
        {name} <code>{id}</code>
      </td>
      <td>{roles.map(roleText).join(', ')}</td>
      <td class={revoked ? 'unread' : ''}>
        {revoked
          ? say('people.revoked')
          : endsAt === null
            ? say('people.active')
            : say('people.until', { time: time(endsAt) })}
      </td>
      <td>
        {mayWrite && !revoked && (
          <span class="actions">
            {role !== undefined && (
              <button type="button" onClick={() => void replace(role).catch(tellFault)}>
                {say('people.replace')}
              </button>
            )}
            <button type="button" onClick={revoke}>
              {say('people.revoke')}
            </button>
          </span>
        )}
      </td>
    </tr>
  );
}

export function Keys() {
  const keys = useLoaded(() => v1.listKeys());
  const mayWrite = may('admin:write');
  return (
    <section id="keys" aria-label={say('admin.keys')}>
      <h2>{say('admin.keys')}</h2>
      <p class="small quiet">{say('keys.help')}</p>
      {mayWrite && (
        <AddForm
          label={say('keys.add')}
          nameLabel={say('keys.name')}
          pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,62}"
          withDays
          add={async (name, role, days) => {
            const { data } = await v1.addKey({ name, role, ...(days !== undefined && { days }) });
            showSecret({ title: say('keys.new', { name }), text: data.key });
            await keys.load();
          }}
        />
      )}
      <WhenLoaded of={keys}>
        {(list) =>
          list.length === 0 ? (
            <p class="quiet">{say('keys.none')}</p>
          ) : (
            <Scrolled label={say('admin.keys')}>
              <table class="plain-table">
                <Head first={say('keys.name')} />
                <tbody>
                  {list.map((item) => (
                    <KeyRow
                      key={item.id}
                      item={item}
                      names={list.map(({ name }) => name)}
                      mayWrite={mayWrite}
                      refresh={keys.load}
                    />
                  ))}
                </tbody>
              </table>
            </Scrolled>
          )
        }
      </WhenLoaded>
    </section>
  );
}
