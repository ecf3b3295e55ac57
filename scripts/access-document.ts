// docs/access.md from the routes and roles themselves; `npm run openapi` writes it, and a test compares the two.
import { identifyOpenly } from '#access/identity.ts';
import { ROLES, scopesOf } from '#access/roles.ts';
import type { RouteScope } from '#http/route-scopes.ts';
import { documentedApp } from './openapi-document.ts';

/** Every route of every door. */
export async function allRoutes(): Promise<readonly RouteScope[]> {
  const found: RouteScope[] = [];
  const app = await documentedApp('0.0.0', { identify: identifyOpenly, listed: (routes) => found.push(...routes) });
  await app.close();
  return found;
}

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function rowsOf(routes: readonly RouteScope[]): string[] {
  const grouped = Map.groupBy(routes, ({ url, scope }) => `${url} ${scope}`);
  return [...grouped.values()]
    .toSorted(([a], [b]) => byText(a?.url ?? '', b?.url ?? ''))
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const methods = [...new Set(group.map(({ method }) => method))]
        .filter((method) => method !== 'HEAD')
        .toSorted(byText);
      if (methods.length === 0) return [];
      const { url, scope } = first;
      const free = scope === 'public' || scope === 'link';
      const cells = ROLES.map((role) => (free || scopesOf([role]).has(scope) ? '●' : ''));
      return [`| \`${url}\` | ${methods.join(' ')} | ${scope} | ${cells.join(' | ')} |`];
    });
}

export async function accessDocument(): Promise<string> {
  return [
    '<!-- Written by `npm run openapi`; do not edit. -->',
    '# Who may do what · Ai được làm gì',
    '',
    'A route asks for one scope; a role holds scopes. A facility sees its own records and no other: asked for a row of another one, a route answers as for a row that nobody has (`test/flows/other-facility.test.ts`). `public`: nobody is asked who they are;',
    '`link`: the address is signed and is itself the credential. Everything else answers 401 without credentials, and 403 with the name of the missing scope.',
    '*Mỗi địa chỉ đòi một quyền; mỗi vai trò có một số quyền. Mỗi cơ sở chỉ thấy hồ sơ của mình; hỏi hồ sơ của cơ sở khác thì trả lời như hồ sơ không tồn tại. `public`: không hỏi danh tính; `link`: địa chỉ có chữ ký và tự nó là',
    'giấy phép. Còn lại: 401 khi không có danh tính, 403 kèm tên quyền còn thiếu.*',
    '',
    `| address | methods | scope | ${ROLES.join(' | ')} |`,
    `|---|---|---|${ROLES.map(() => ':-:|').join('')}`,
    ...rowsOf(await allRoutes()),
    '',
  ].join('\n');
}
