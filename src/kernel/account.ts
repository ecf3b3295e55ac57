// People, systems and sessions as they are stored; secrets are hashes.

export interface Account {
  /** Small letters, unique over all facilities. */
  readonly login: string;
  readonly facilityId: string;
  readonly roles: readonly string[];
  /** Argon2id, PHC string format. */
  readonly password: string;
  /** Given by an administrator: the person has to choose another. */
  readonly mustChange: boolean;
  readonly failures: number;
  readonly lockedUntil: Date | undefined;
  readonly disabled: boolean;
}

/** The key of a system that cannot sign. */
export interface ApiKey {
  readonly id: string;
  readonly facilityId: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly secretHash: string;
  readonly endsAt: Date | undefined;
  readonly revoked: boolean;
}

/** A person at the pages. */
export interface PageSession {
  readonly tokenHash: string;
  readonly facilityId: string;
  readonly actor: string;
  readonly roles: readonly string[];
  readonly seenAt: Date;
  readonly endsAt: Date;
}
