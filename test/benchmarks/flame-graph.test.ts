import { expect, test } from 'vitest';
import { type CpuProfile, flameGraph, flamesOf } from '../../benchmarks/flame-graph.ts';

const frame = (functionName: string, url = '') => ({ functionName, url, lineNumber: 0 });

/** (root) → main → parse (library) and → main's own work; (root) → (idle). */
const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 4] },
    { id: 2, callFrame: frame('main<a>', 'file:///x/src/main.ts'), children: [3, 5] },
    { id: 3, callFrame: frame('parse', 'file:///x/node_modules/zod/core.js') },
    { id: 4, callFrame: frame('(idle)') },
    { id: 5, callFrame: frame('parse', 'file:///x/node_modules/zod/core.js') },
  ],
  samples: [2, 3, 5, 4, 3],
  timeDeltas: [100, 200, 300, 9000, 400],
};

test('a flame is as wide as the time of the function with all that it called; waiting is no flame', () => {
  const root = flamesOf(profile);
  expect(root.microseconds).toBe(1000);
  const [main] = root.calls.values();
  expect(main).toMatchObject({ name: 'main<a> src/main.ts:1', origin: 'ours', microseconds: 1000 });
  // Two nodes of one function under one caller are one flame: 200 + 300 + 400.
  expect([...(main?.calls.values() ?? [])]).toMatchObject([
    { name: 'parse zod/core.js:1', origin: 'library', microseconds: 900 },
  ]);
});

test('the picture holds each flame with its share, and no name breaks it', () => {
  const svg = flameGraph(flamesOf(profile), 'a & b');
  expect(svg).toContain('<title>main&lt;a&gt; src/main.ts:1 100.0 %</title>');
  expect(svg).toContain('<title>parse zod/core.js:1 90.0 %</title>');
  expect(svg).toContain('a &amp; b');
  expect(svg).not.toContain('main<a>');
});
