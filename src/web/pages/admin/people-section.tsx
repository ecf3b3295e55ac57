// Local accounts of people: create, reset the password, disable. A password is shown once.
import type { Account } from '#client/client.ts';
import { roleText } from '#web/pages/alerts/receivers.ts';
import { v1 } from '#web/pages/shell/api.ts';
import { useLoaded, WhenLoaded } from '#web/pages/shell/loaded.tsx';
import { tell, tellFault } from '#web/pages/shell/notices.tsx';
import { may, session } from '#web/pages/shell/session.ts';
import { Scrolled } from '#web/pages/shell/scrolled.tsx';
import { say } from '#web/pages/shell/words.ts';
import { AddForm, Head, type RowProps } from './access-form.tsx';
import { askFirst, showSecret } from './secret.tsx';

function AccountRow({ item, mayWrite, refresh }: RowProps<Account>) {
  const { login, roles, disabled } = item;
  const disable = (): void =>
    askFirst({
      title: say('people.disable-title', { login }),
      text: say('people.disable-text'),
      yes: say('people.disable'),
      async run() {
        await v1.disableAccount(login);
        tell({ kind: 'done', text: say('people.disabled-now', { login }) });
        await refresh();
      },
    });
  const reset = async (): Promise<void> => {
    const { data } = await v1.resetAccount(login);
    showSecret({ title: say('people.first-password', { login }), text: data.password });
    await refresh();
  };
  return (
    <tr data-login={login}>
      <td>{login}</td>
      <td>{roles.map(roleText).join(', ')}</td>
      <td class={disabled ? 'unread' : ''}>{say(disabled ? 'people.disabled' : 'people.active')}</td>
      <td>
        {mayWrite && !disabled && (
          <span class="actions">
            <button type="button" onClick={() => void reset().catch(tellFault)}>
              {say('people.reset')}
            </button>
            {login !== session.value?.actor && (
              <button type="button" onClick={disable}>
                {say('people.disable')}
              </button>
            )}
          </span>
        )}
      </td>
    </tr>
  );
}

export function People() {
  const accounts = useLoaded(() => v1.listAccounts());
  const mayWrite = may('admin:write');
  return (
    <section id="people" aria-label={say('admin.people')}>
      <h2>{say('admin.people')}</h2>
      <p class="small quiet">{say('people.help')}</p>
      {mayWrite && (
        <AddForm
          label={say('people.add')}
          nameLabel={say('login.name')}
          add={async (login, role) => {
            const { data } = await v1.addAccount({ login, role });
            showSecret({ title: say('people.first-password', { login }), text: data.password });
            await accounts.load();
          }}
        />
      )}
      <WhenLoaded of={accounts}>
        {(list) =>
          list.length === 0 ? (
            <p class="quiet">{say('people.none')}</p>
          ) : (
            <Scrolled label={say('admin.people')}>
              <table class="plain-table">
                <Head first={say('login.name')} />
                <tbody>
                  {list.map((item) => (
                    <AccountRow key={item.login} item={item} mayWrite={mayWrite} refresh={accounts.load} />
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
