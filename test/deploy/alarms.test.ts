// Alarms, dashboard and runbooks speak of figures that a running service shows.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { openTestService, type TestService } from '../flows/service.ts';

interface Alarms {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly annotations: { readonly runbook: string };
    }[];
  }[];
}

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}

let at: TestService;
beforeAll(async () => {
  at = await openTestService();
});
afterAll(() => at.close());

const alarms: Alarms = parse(readFileSync('deploy/prometheus/alarms.yaml', 'utf8'));
const dashboard: Dashboard = JSON.parse(readFileSync('deploy/grafana/haidang.json', 'utf8'));
const rules = alarms.groups.flatMap((group) => group.rules);

const namesIn = (expression: string): readonly string[] => expression.match(/\b(?:haidang|nodejs|process)_\w+/g) ?? [];

test('each figure that an alarm or a panel asks for is shown by the service', async () => {
  const text = await (await fetch(`${at.address}/metrics`)).text();
  const shown = new Set([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name]) => name));
  const asked = [
    ...rules.map(({ expr }) => expr),
    ...dashboard.panels.flatMap(({ targets }) => targets.map((t) => t.expr)),
  ];
  const names = asked.flatMap(namesIn).map((name) => name.replace(/_(?:bucket|count|sum)$/, ''));
  expect(names.length).toBeGreaterThan(30);
  expect(names.filter((name) => !shown.has(name))).toEqual([]);
  expect(text).toMatch(/^haidang_model_ready\{model="cxr-findings"\} [01]$/m);
  for (const name of ['haidang_outbox_dead', 'haidang_disk_free_bytes', 'haidang_database_seconds'])
    expect(text).toMatch(new RegExp(`^${name} [0-9.e+-]+$`, 'm'));
});

test.each(['en', 'vi'])('each alarm has its section in alarms.%s.md, and no section is left over', (language) => {
  const text = readFileSync(`docs/operations/alarms.${language}.md`, 'utf8');
  const sections = [...text.matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
  expect(sections.toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted());
  for (const { alert, annotations } of rules)
    expect(annotations.runbook).toBe(`docs/operations/alarms.en.md#${alert.toLowerCase()}`);
});
