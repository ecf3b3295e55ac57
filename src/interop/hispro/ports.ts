// Needs of the HisPro doors of other rooms.
import type { StudyFacts } from '#kernel/study.ts';
import type { AuditEntry } from '#kernel/audit-entry.ts';
import type { LinkKey } from '#access/signed-link.ts';
import type { AlertFilter, Alert, AlertStatus } from '#kernel/alert.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Language } from '#kernel/errors.ts';
import type { Reading } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { OutgoingMessage } from '#kernel/outgoing-message.ts';
import type { AlertEvent } from '#alerts/lifecycle/lifecycle.ts';
import type { AlertMessages } from '#delivery/alert-messages.ts';
import type { DrugCheck } from '#interop/hispro/check-drug/request.ts';

/** One facility's part of the store. */
export interface HisproStore {
  readonly alerts: {
    get(id: Uuid): Promise<Alert | undefined>;
    list(filter: Pick<AlertFilter, 'statuses' | 'patientCode' | 'treatmentCode' | 'limit'>): Promise<readonly Alert[]>;
    record(
      event: AlertEvent,
      options: { readonly from: AlertStatus; readonly outbox: readonly OutgoingMessage[] },
    ): Promise<Alert>;
  };
  /** The number that holds for this one, where it was given up in a merge. */
  readonly persons: { survivor(patientCode: string): Promise<string> };
  readonly audit: {
    append(entry: AuditEntry): Promise<unknown>;
  };
  readonly records: {
    get(room: string, key: string): Promise<{ readonly value: unknown } | undefined>;
    put(room: string, key: string, value: unknown): Promise<void>;
    list(
      room: string,
      options: { readonly limit: number },
    ): Promise<readonly { readonly key: string; readonly updatedAt: string }[]>;
    remove(room: string, key: string): Promise<void>;
  };
  readonly worklist: {
    list(
      filter: { readonly state: 'all'; readonly patientId: string },
      page: { readonly limit: number },
    ): Promise<readonly StudyEntry[]>;
  };
}

/** A study of the patient with what was read on it. */
export interface StudyEntry {
  readonly study: Pick<StudyFacts, 'studyUid' | 'accessionNumber' | 'treatmentCode' | 'receivedAt' | 'description'>;
  readonly reading?: Reading;
}

export interface HisproSettings {
  readonly clock: Clock;
  /** Without a trailing slash. */
  readonly publicUrl: string;
  readonly defaultLanguage: Language;
  readonly facilityId: string;
  readonly linkKeys: readonly LinkKey[];
  readonly linkMinutes: number;
  /** Written into the `Api` address of MOS.PACS.ADDRESS as `k=`; absent: only signed links open the viewer. */
  readonly viewerKey?: string;
  /** Addresses and networks (CIDR) that may post CheckDrug, which has no login; empty: any. */
  readonly allowedNetworks: readonly string[];
  /** The plug-in waits on the user interface's own thread; what takes longer is answered without the alerts, and says so. */
  readonly answerWithinMs: number;
}

export type PictureKind = 'film' | 'heatmap';

export interface HisproPorts {
  /** Messages to other systems about what happened to an alert, written in the same transaction. */
  readonly messages: AlertMessages;
  readonly facility: (id: string) => Promise<HisproStore>;
  /** Called when a patient is prescribed for: fetch vitals and laboratory values in the background, for the next answer. */
  readonly refresh?: (check: DrugCheck & { readonly patientCode: string }) => void;
  /** PNG of the film that a finding was seen on, or of its heatmap, which covers the whole film and lets it shine through. */
  readonly picture?: (which: PictureKind, readingId: Uuid, findingCode: string) => Promise<Uint8Array | undefined>;
  readonly findingTitle?: (code: string, language: Language) => string;
}
