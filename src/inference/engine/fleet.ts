// Order of the versions of each model: the first version answers a request that names none.
import type { Version } from './version.ts';

interface Member {
  readonly version: Version;
  /** Reads films: is never put out of memory. */
  readonly kept: boolean;
}

export interface Fleet {
  all(): readonly Version[];
  /** The first of each model. */
  firsts(): readonly Version[];
  find(modelId: string, version?: string): Version | undefined;
  isKept(version: Version): boolean;
  /** In the place of the one of the same number, which is given back; else behind the others of its model. */
  add(version: Version, kept: boolean): Version | undefined;
  remove(version: Version): void;
  /** It becomes the first of its model. */
  prefer(version: Version): void;
  /** It is kept no longer. */
  spare(version: Version): void;
}

export function createFleet(): Fleet {
  const members = new Map<string, readonly Member[]>();
  const membersOf = ({ model }: Version): readonly Member[] => members.get(model.manifest.id) ?? [];
  const all = (): Member[] => [...members.values()].flat();
  const put = ({ model }: Version, next: readonly Member[]): void => {
    if (next.length === 0) members.delete(model.manifest.id);
    else members.set(model.manifest.id, next);
  };
  return {
    all: () => all().map(({ version }) => version),
    firsts: () => [...members.values()].flatMap(([first]) => first?.version ?? []),
    find(modelId, version) {
      const known = members.get(modelId) ?? [];
      return (version === undefined ? known[0] : known.find((each) => each.version.model.manifest.version === version))
        ?.version;
    },
    isKept: (version) => all().some((each) => each.version === version && each.kept),
    add(version, kept) {
      const known = membersOf(version);
      const old = known.find((each) => each.version.model.manifest.version === version.model.manifest.version);
      const member = { version, kept };
      put(version, old === undefined ? [...known, member] : known.map((each) => (each === old ? member : each)));
      return old?.version;
    },
    remove: (version) =>
      put(
        version,
        membersOf(version).filter((each) => each.version !== version),
      ),
    spare: (version) =>
      put(
        version,
        membersOf(version).map((each) => (each.version === version ? { version, kept: false } : each)),
      ),
    prefer: (version) =>
      put(
        version,
        membersOf(version).toSorted((a, b) => Number(b.version === version) - Number(a.version === version)),
      ),
  };
}
