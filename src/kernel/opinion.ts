// A person's opinion of a finding of a study: present or absent.

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
