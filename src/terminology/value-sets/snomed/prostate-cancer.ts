// SNOMED CT: prostate cancer. Descendants are listed, as there is no hierarchy here; `.ci/steps/48-code-lists` compares the list with a second source.

/** Of now and of the past. */
export const PROSTATE_CANCER = [
  '399068003', // Malignant tumour of prostate
  '428262008', // History of malignant neoplasm of prostate
  '399490008', // Adenocarcinoma of prostate
  '254900004', // Carcinoma of prostate
  '278060005', // Endometrioid carcinoma of prostate
  '427492003', // Hormone refractory prostate cancer
  '314969001', // Local recurrence of malignant tumour of prostate
  '93974005', // Primary malignant neoplasm of prostate
  '396198006', // Small cell carcinoma of prostate
  '1208457007', // Small cell neuroendocrine carcinoma of prostate
  '399590005', // Squamous cell carcinoma of prostate
] as const;
