// Opens the HL7 v2 port (MLLP) where the hospital has given one.
import { configErrors } from './errors.ts';
import { startListener } from '#interop/hl7v2/wire/listener.ts';
import { refuseTooLarge, takeMessage } from '#interop/hl7v2/in/take.ts';
import { loadIndicators } from '#interop/xml130/read/indicators.ts';
import type { Store } from '#store/store.ts';
import type { Here } from './context.ts';
import type { Owner } from './closing.ts';

function asSetting(cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'EADDRINUSE' || code === 'EACCES'
    ? configErrors.error('invalid', { field: 'HAIDANG_HL7_PORT', reason: `cannot be listened on (${code})`, cause })
    : cause;
}

/** Throws `config.invalid` where the port is taken. */
export async function openHl7Door(here: Here, store: Pick<Store, 'facility'>, { own }: Owner): Promise<void> {
  const { config, clock, site, fault, log } = here;
  if (config.hl7Port === undefined) return;
  // HL7 v2 names no facility of ours: its door belongs to the one that is here.
  const local = await store.facility(site.facility);
  const indicators = loadIndicators(config.indicatorsFile);
  const deps = { store: local, clock, language: site.defaultLanguage, indicators, fault };
  const listener = await own(
    startListener({
      host: config.hl7Host,
      port: config.hl7Port,
      take: async (bytes, part, address) => {
        const answers = await (part === 'head' ? refuseTooLarge : takeMessage)(bytes, { ...deps, address });
        for (const answer of answers) here.metrics.hl7Answered(/\rMSA\|([ACER]{2})\|/.exec(answer)?.[1] ?? 'none');
        return answers;
      },
      told: (event, reason) => log({ level: 'warn', event: `hl7 ${event}`, reason }),
    }).catch((cause: unknown) => {
      throw asSetting(cause);
    }),
    (started) => started.close(),
  );
  log({ level: 'info', event: 'hl7 listening', port: listener.port });
}
