// SNOMED CT: dialysis and transplant, chronic hepatitis B. Descendants are listed, as there is no hierarchy here; `.ci/steps/48-code-lists` compares the list with a second source.

/** Dialysis, end-stage disease, transplant. */
export const DIALYSIS = [
  '265764009', // Renal dialysis
  '302497006', // Haemodialysis
  '71192002', // Peritoneal dialysis
  '105502003', // Dependence on renal dialysis
  '161665007', // History of renal transplant
  '428648006', // Automated peritoneal dialysis
  '225230008', // Chronic peritoneal dialysis
  '238318009', // Continuous ambulatory peritoneal dialysis
  '238319001', // Continuous cycling peritoneal dialysis
  '108241001', // Dialysis procedure
  '236435004', // End stage renal failure on dialysis
  '236436003', // End stage renal failure with renal transplant
  '46177005', // End-stage renal disease
  '233586004', // Haemodiafiltration
  '67970008', // Haemodialysis, maintenance at home
  '34897002', // Haemodialysis, maintenance in hospital
  '68341005', // Haemodialysis, supervision at home
  '57274006', // Initial haemodialysis
  '233587008', // Intermittent haemodiafiltration
  '233575001', // Intermittent haemodialysis
  '233577009', // Intermittent haemodialysis with continuous ultrafiltration
  '233576000', // Intermittent haemodialysis with sequential ultrafiltration
  '238321006', // Intermittent peritoneal dialysis
  '238323009', // Night-time intermittent peritoneal dialysis
  '14684005', // Peritoneal dialysis excluding cannulation
  '676002', // Peritoneal dialysis including cannulation
  '238322004', // Tidal peritoneal dialysis
] as const;

/** Chronic hepatitis B. */
export const CHRONIC_HEPATITIS_B = [
  '61977001', // Chronic type B viral hepatitis
  '50167007', // Chronic active type B viral hepatitis
  '1116000', // Chronic aggressive type B viral hepatitis
  '838380002', // Chronic hepatitis B co-occurrent with hepatitis C and hepatitis D
  '38662009', // Chronic persistent type B viral hepatitis
  '235869004', // Chronic viral hepatitis B with hepatitis D
  '186639003', // Chronic viral hepatitis B without delta-agent
  '424340000', // Hepatic coma due to chronic hepatitis B
  '153091000119109', // Hepatic coma due to chronic hepatitis B with delta agent
] as const;
