// An examination and its patient as they were sent: the type that every room shares.

/** As the sender knows the person; every part may be missing. Never logged. */
export interface PatientFacts {
  /** (0010,0020), or the HIS's PATIENT_CODE. */
  readonly id?: string;
  readonly name?: string;
  /** YYYY-MM-DD. */
  readonly birthDate?: string;
  /** `M`, `F` or `O`. */
  readonly sex?: string;
}

export interface StudyFacts {
  readonly studyUid: string;
  readonly patient: PatientFacts;
  readonly ageYears?: number;
  /** (0008,0050), SERE_SERV.ID in HisPro. */
  readonly accessionNumber?: string;
  /** MA_LK / TREATMENT_CODE. */
  readonly treatmentCode?: string;
  /** ISO 8601, or a date alone. */
  readonly studyTime?: string;
  readonly modality?: string;
  readonly description?: string;
  readonly notForClinicalUse: boolean;
  readonly receivedAt: string;
  readonly openedAt?: string;
  readonly closedAt?: string;
}

export interface KeyedStudy extends StudyFacts {
  readonly patientKey: string;
}
