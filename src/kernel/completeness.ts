// Rule of a model for when a study is complete, since the images of one study arrive one after the other.

export interface Completeness {
  /** After the last image; then the study counts as complete. */
  readonly quietMs: number;
  /** After the first image that was not read yet: then it is read with what is there, also while more come. */
  readonly maximumWaitMs: number;
  /** Groups of view positions, for example `[['PA', 'AP'], ['LL', 'RL']]`: of each group one is waited for, at most `maximumWaitMs`. */
  readonly expectedViews: readonly (readonly string[])[];
}

/** Groups of which no view is there. */
export const missingViews = (
  { expectedViews }: Pick<Completeness, 'expectedViews'>,
  views: readonly (string | undefined)[],
): readonly (readonly string[])[] => {
  const present = new Set(views.map((view) => view?.toUpperCase()));
  return expectedViews.filter((group) => !group.some((view) => present.has(view)));
};
