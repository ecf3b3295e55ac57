// Keys of DICOM matching for a search of studies (PS3.4 C.2.2.2): every given key must match.

export interface StudyMatch {
  readonly studyUids?: readonly string[];
  /** These may hold `*` and `?`. */
  readonly patientId?: string;
  readonly patientName?: string;
  readonly accessionNumber?: string;
  readonly description?: string;
  readonly modality?: string;
  /** `YYYY-MM-DD`, both ends included. */
  readonly fromDate?: string;
  readonly toDate?: string;
  readonly limit: number;
  readonly offset: number;
}
