import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readHistoryLine } from '#alerts/decide/history.ts';
import { DEFAULT_BACKOFF } from '#delivery/backoff.ts';
import { DEFAULT_CIRCUIT } from '#delivery/circuit.ts';
import { deliveryRules } from '#delivery/settings.ts';
import { routesOf } from '#service/doors.ts';
import { defaultSite, readSite } from '#service/site.ts';

const blockOf = (file: string): string => /```json\n([^]*?)```/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';

describe('the site file', () => {
  test('of the documentation is one that the service takes, and tells webhook, HisPro and by e-mail', () => {
    const site = readSite(blockOf('docs/site.md'));
    expect(site.hispro.testCodes['GLU']).toEqual({ loinc: '2345-7', unit: 'mmol/L' });
    expect(routesOf(site).map(({ target, from }) => [target, from])).toEqual([
      ['webhook:his', 'warning'],
      ['email', 'critical'],
      ['hispro', 'critical'],
    ]);
  });

  test('may be empty, and then nothing is sent', () => {
    expect(readSite('{}')).toEqual(defaultSite);
    expect(routesOf(defaultSite)).toEqual([]);
  });

  test('that says nothing of patience has the built-in one', () => {
    expect(deliveryRules(defaultSite.delivery)).toEqual({ backoff: DEFAULT_BACKOFF, circuit: DEFAULT_CIRCUIT });
  });

  test.each([
    ['file', 'x'],
    ['delivery.longestRetryMs', '{"delivery":{"firstRetryMs":5000,"longestRetryMs":1000}}'],
    ['hispro.noticesFrom', '{"hispro":{"noticesFrom":"loud"}}'],
    ['cdsHooks.clients.0', '{"cdsHooks":{"clients":[{"issuer":"x"}]}}'],
    [
      'webhooks.0.url',
      '{"webhooks":[{"id":"a","url":"http://x.vn","secrets":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}]}',
    ],
    ['webhooks.0.secrets.0', '{"webhooks":[{"id":"a","url":"https://x.vn","secrets":["bí mật"]}]}'],
  ])('with a wrong field is refused with %s named and no value repeated', (field, text) => {
    expect(() => readSite(text)).toThrow(expect.objectContaining({ code: 'interop.site', field }));
    expect(() => readSite(text)).not.toThrow(/bí mật|loud/);
  });
});

test('the history line of the documentation is one that the simulator reads', () => {
  expect(readHistoryLine(blockOf('src/alerts/README.md'), 1)).toMatchObject({ patient: '1' });
});
