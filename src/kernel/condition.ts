// A diagnosis of a person as its sender coded it: a code means something only in its system.

export interface CodedProblem {
  readonly system: string;
  readonly code: string;
}
