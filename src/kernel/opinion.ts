// What a person says of a finding of a study: it is there, or it is not.

export interface Opinion {
  readonly findingCode: string;
  readonly present: boolean;
  readonly saidBy: string;
  readonly at: string;
}

export interface OpinionOf {
  readonly studyUid: string;
  readonly findingCode: string;
  readonly actor: string;
}
