// Connections to other systems: starts the delivery of messages and gives their doors what they need.
import type { Language } from '#kernel/errors.ts';
import { startAlertWatch } from '#alerts/lifecycle/watch.ts';
import { alertMessages } from '#delivery/alert-messages.ts';
import { deliveryRules } from '#delivery/settings.ts';
import { startDelivery } from '#delivery/worker.ts';
import { sendersOf } from './doors.ts';
import { assessWith, headsOf, openFhir } from '#interop/fhir/door.ts';
import { hl7Sender } from '#interop/hl7v2/wire/sender.ts';
import { findingPictures } from '#interop/hispro/view/film-images.ts';
import { storedLinkKeys } from '#access/link-keys.ts';
import { createRiskRoom } from '#risk/assess/assess-patient.ts';
import { createTeller } from '#risk/person/tell.ts';
import { rejudgeDue } from '#risk/person/rejudge.ts';
import { createRiskItems } from '#risk/person/items.ts';
import type { Results } from '#interop/dicom-model/stored-results.ts';
import type { Here } from './context.ts';
import { openPacs } from './dimse.ts';
import type { Owner } from './closing.ts';
import type { Rooms } from './rooms.ts';

/** One message to another system, and how many at a time to one receiver. */
const SEND_DEADLINE_MS = 10_000;
const SENT_AT_ONCE = 10;
/** How soon after a stored result changes the person is judged again. */
const REJUDGE_MS = 1_000;

interface Context {
  readonly own: Owner['own'];
  readonly publicUrl: () => string;
  readonly results: Results;
}

export async function openOthers({ config, site, clock, policy, routes, fault }: Here, rooms: Rooms, context: Context) {
  const { store, pictures, reading, library } = rooms;
  const { own, publicUrl, results } = context;
  const local = await store.facility(site.facility);
  const linkKeys = await storedLinkKeys(local);
  const room = createRiskRoom(library);
  const fhir = await openFhir({
    settings: site.fhir,
    facility: (id) => store.facility(id),
    clock,
    publicUrl,
    defaultLanguage: site.defaultLanguage,
    heads: headsOf(reading.models),
    assess: assessWith(room),
  });
  const pacs = await openPacs(
    { config, site },
    { facility: (id) => store.facility(id), blobs: store.blobs, results },
    store,
  );
  const delivery = await own(
    startDelivery({
      queue: store.outbox,
      senders: [
        ...sendersOf({ site, clock, linkKeys, publicUrl, facility: (id) => store.facility(id) }),
        ...fhir.senders,
        ...config.hl7Receivers.map(hl7Sender),
        ...pacs.senders,
      ],
      clock,
      ...deliveryRules(site.delivery),
      timeoutMs: SEND_DEADLINE_MS,
      atOnce: SENT_AT_ONCE,
      fault,
    }),
    (started) => started.stop(),
  );
  const messages = alertMessages(routes);
  const tell = createTeller({ clock, messages, facility: (id) => store.facility(id) });
  const assessRisk = createRiskItems(library);
  await own(
    startAlertWatch(
      () => rejudgeDue(site.facility, local, { clock, policy, assessRisk, tell }),
      REJUDGE_MS,
      (thrown) => fault('risks not judged again', thrown),
    ),
    (started) => started.stop(),
  );
  return {
    commitments: pacs.commitments,
    risk: { room, policy, tell },
    fhir: fhir.door,
    interop: {
      site,
      policy,
      publicUrl,
      linkKeys,
      facilityId: site.facility,
      assessRisk,
      tell,
      picture: findingPictures({ facility: async () => local, blobs: store.blobs, film: pictures.film }),
      findingTitle: (code: string, language: Language) =>
        reading.heads().find((head) => head.code === code)?.title[language] ?? code,
      messages,
      openCircuits: () => delivery.openCircuits(),
      fault,
    },
  };
}
