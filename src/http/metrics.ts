// Counts events for Prometheus; no label ever holds anything of a patient.
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { FastifyInstance } from 'fastify';

export interface RequestEnd {
  readonly method: string;
  /** The route's pattern, never the address itself. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

export interface ReadingEnd {
  readonly outcome: 'assessed' | 'not-assessed' | 'failed';
  readonly seconds: number;
}

/** One number, or one for each value of a label. */
export type GaugeValue =
  | number
  | { readonly label: 'model'; readonly values: readonly { readonly of: string; readonly value: number }[] };

export interface Metrics {
  requestEnded(end: RequestEnd): void;
  instanceJudged(verdict: 'stored' | 'duplicate' | 'refused'): void;
  readingEnded(end: ReadingEnd): void;
  jobRetried(): void;
  alertDecided(decision: 'alert' | 'silence'): void;
  /** A message came in over HL7 v2 and got this code of table 0008 as its answer. */
  hl7Answered(code: string): void;
  /** `read` is called at each scrape; a gauge whose read fails shows no number, so that the scrape itself goes on. */
  gauge(name: string, help: string, read: () => Promise<GaugeValue> | GaugeValue): void;
  text(): Promise<string>;
  readonly contentType: string;
}

const SECONDS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];

async function fill(gauge: Gauge<'model'>, read: () => Promise<GaugeValue> | GaugeValue): Promise<void> {
  gauge.reset();
  try {
    const value = await read();
    if (typeof value === 'number') gauge.set(value);
    else for (const { of, value: number } of value.values) gauge.set({ [value.label]: of }, number);
  } catch {
    // The gauge stays empty: an absent number raises its own alarm, one that stands still would hide the fault.
  }
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'haidang_http_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  });
  const instances = new Counter({
    name: 'haidang_instances_total',
    help: 'Instances received, by verdict',
    labelNames: ['verdict'],
    registers,
  });
  const readings = new Histogram({
    name: 'haidang_reading_seconds',
    help: 'Time to read a study, by outcome',
    labelNames: ['outcome'],
    buckets: SECONDS,
    registers,
  });
  const retries = new Counter({ name: 'haidang_job_retries_total', help: 'Readings that were put back', registers });
  const decisions = new Counter({
    name: 'haidang_alert_decisions_total',
    help: 'Readings that became an alert, and those kept silent with a reason',
    labelNames: ['decision'],
    registers,
  });
  const hl7 = new Counter({
    name: 'haidang_hl7_messages_total',
    help: 'HL7 v2 messages received, by acknowledgement code',
    labelNames: ['code'],
    registers,
  });
  return Object.freeze({
    requestEnded: ({ method, route, status, seconds }) => requests.observe({ method, route, status }, seconds),
    instanceJudged: (verdict) => instances.inc({ verdict }),
    readingEnded: ({ outcome, seconds }) => readings.observe({ outcome }, seconds),
    jobRetried: () => retries.inc(),
    alertDecided: (decision) => decisions.inc({ decision }),
    hl7Answered: (code) => hl7.inc({ code }),
    gauge(name, help, read) {
      const gauge: Gauge<'model'> = new Gauge({
        name,
        help,
        labelNames: ['model'],
        registers: [],
        collect: () => fill(gauge, read),
      });
      registry.registerMetric(gauge);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  } satisfies Metrics);
}

export async function metricsRoutes(app: FastifyInstance, { metrics }: { readonly metrics: Metrics }): Promise<void> {
  app.get('/metrics', { config: { scope: 'metrics:read' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
}
