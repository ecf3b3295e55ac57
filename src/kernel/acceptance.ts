// The acceptance of an image: its actor, a file that is stored already under the same identity, and the outcome.
import type { StagedBlob, BlobRef } from './blob.ts';
import type { Completeness } from './completeness.ts';
import type { CareError } from './errors.ts';
import type { IncomingInstance } from './instance.ts';
import type { PictureIdentity } from './picture-identity.ts';

/** The file that is stored of an image. */
export interface InstanceFile extends BlobRef {
  readonly studyUid: string;
  /** Absent until it was compared for the first time. */
  readonly picture?: PictureIdentity;
}

/** A file that was compared with the stored one and holds the same pixels; taken only while that one is still stored. */
export interface Resend {
  /** SHA-256 of the stored file that it was compared with. */
  readonly replaces: string;
  /** What that file says. */
  readonly before: IncomingInstance;
  /** Of both. */
  readonly picture: PictureIdentity;
  /**
   * `same`: no tag that is read differs, so the stored file stays. `corrected`: tags differ, and a reading of it would not. `other`: it
   * would be read in another way, for it is shown otherwise or its age, view, … are other ones.
   */
  readonly reads: 'same' | 'corrected' | 'other';
}

export interface AcceptedInstance {
  readonly status: 'stored' | 'duplicate';
  readonly sopInstanceUid: string;
  readonly studyUid: string;
}

export interface AcceptOptions {
  /** Who sent it, for the audit, for example `upload` or an AE title. */
  readonly actor: string;
  /** When the study is ready to be read; absent: at once. */
  readonly completeness?: Completeness;
  /** Where the bytes are only staged so far: kept just before the commit, discarded where nothing new is stored. */
  readonly content?: StagedBlob;
  /** The file that is stored under this UID was compared with this one, and holds the same pixels. */
  readonly resend?: Resend;
  /** Fetched from an archive only to be compared with. */
  readonly fetched?: true;
}

export interface RefusedInstance {
  readonly status: 'refused';
  readonly error: CareError;
}

/** What the sender of an image hears. */
export type InstanceVerdict = AcceptedInstance | RefusedInstance;
