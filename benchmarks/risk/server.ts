// The risk door alone in a process of its own, for the benchmark's client; prints its port.
import { identifyOpenly } from '#access/identity.ts';
import { defaultPolicy } from '#alerts/policy/policy.ts';
import { createMetrics } from '#http/metrics.ts';
import { createServer } from '#http/server.ts';
import { systemClock } from '#kernel/clock.ts';
import { createRiskRoom } from '#risk/assess/assess-patient.ts';
import { openRiskLibrary } from '#risk/equation/library.ts';
import { riskRoutes } from '#risk/routes.ts';

const library = await openRiskLibrary(new URL('../../models', import.meta.url).pathname);
const app = createServer({
  hostRule: { boundTo: '127.0.0.1', allowedHosts: [] },
  identify: identifyOpenly,
  logLevel: 'silent',
  metrics: createMetrics(),
});
await app.register(riskRoutes, {
  room: createRiskRoom(library),
  clock: systemClock,
  policy: defaultPolicy,
  tell: () => Promise.reject(new Error('the benchmark keeps nothing')),
  facility: () => Promise.reject(new Error('the benchmark keeps nothing')),
});
const address = await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${address}\n`);
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
