/* eslint-disable */
/* tslint:disable */
// @ts-nocheck
/*
 * ---------------------------------------------------------------
 * ## THIS FILE WAS GENERATED VIA SWAGGER-TYPESCRIPT-API        ##
 * ##                                                           ##
 * ## AUTHOR: acacode                                           ##
 * ## SOURCE: https://github.com/acacode/swagger-typescript-api ##
 * ---------------------------------------------------------------
 */

export interface Account {
  disabled: boolean;
  login: string;
  roles: string[];
}

export interface Alert {
  audience: {
    departmentCodes: string[];
    loginNames: string[];
    roles: string[];
  };
  createdAt: string;
  dedupKey: string;
  detail: Sentence;
  evidence: {
    code: string;
    text: Sentence;
    unit: string | null;
    value: number | null;
  }[];
  expiresAt: string;
  id: string;
  limitations: Sentence[];
  provenance: Provenance;
  severity: "info" | "warning" | "critical";
  sourceId: string;
  status:
    | "new"
    | "seen"
    | "acknowledged"
    | "overridden"
    | "false-positive"
    | "resolved"
    | "expired";
  subject: {
    accessionNumber: string | null;
    patientCode: string;
    studyUid: string | null;
    treatmentCode: string | null;
  };
  summary: Sentence;
  suppressedBecause: Reason | null;
}

export interface AlertEscalation {
  alertId: string;
  next: {
    at: string;
    to: {
      departmentCodes: string[];
      loginNames: string[];
      roles: string[];
    };
  } | null;
  told: {
    at: string;
    to: {
      departmentCodes: string[];
      loginNames: string[];
      roles: string[];
    };
  }[];
}

export interface AlertEvent {
  actor: string;
  at: string;
  channel: string;
  comment: string | null;
  id: string;
  kind: string;
  reasonCode: string | null;
  to:
    | "new"
    | "seen"
    | "acknowledged"
    | "overridden"
    | "false-positive"
    | "resolved"
    | "expired"
    | null;
}

export interface AlertInbox {
  items: Alert[];
  /**
   * @min -9007199254740991
   * @max 9007199254740991
   */
  total: number;
}

export interface ApiKey {
  endsAt: string | null;
  id: string;
  name: string;
  revoked: boolean;
  roles: string[];
}

export interface AuditRecord {
  action: string;
  actor: string;
  at: string;
  detail: Partial<Record<string, any>> | null;
  hash: string;
  previousHash: string;
  /**
   * @min -9007199254740991
   * @max 9007199254740991
   */
  sequence: number;
  subjectId: string;
  subjectType: string;
}

export interface EmergencyAccess {
  actor: string;
  endsAt: string;
  home: string;
  id: string;
  openedAt: string;
  patientCode: string;
  reason: string;
}

export interface EmergencyRecords {
  alerts: Alert[];
  endsAt: string;
  facility: string;
  patientCode: string;
  studies: WorklistRow[];
}

export interface EquationResult {
  applicability: "applicable" | "not-applicable" | "needs";
  assumptions: Sentence[];
  citation: string;
  equationId: string;
  equationVersion: string;
  explanation: {
    contributions: {
      contribution: number;
      inputs: string[];
      name: string;
      text: Sentence;
      title: Sentence;
    }[];
    output: string;
    reference: Partial<Record<string, number | boolean | string>>;
    referenceValue: number;
  } | null;
  group: string;
  headline: string | null;
  id: string;
  inputs: {
    bounds: {
      high: number;
      low: number;
    } | null;
    name: string;
    origin:
      | (
          | {
              kind: "stated";
            }
          | {
              code: string;
              index: number;
              kind: "measured";
              sent?: {
                unit: string;
                value: number;
              };
              source?: string;
              time?: string;
            }
          | {
              from: string[];
              kind: "derived";
              time?: string;
            }
        )
      | null;
    state: "given" | "bounds" | "missing" | "stale" | "apart" | "not-a-level";
    title: Sentence;
    unit: string | null;
    value: (number | boolean | string) | null;
  }[];
  licenceDuty: Sentence | null;
  limits: Sentence[];
  needs: {
    codes: string[];
    name: string;
    title: Sentence;
  }[];
  outcome: "assessed" | "not-assessed" | "failed";
  outputs: {
    categories: {
      code: string;
      level: string;
      title: Sentence;
    }[];
    horizonYears: number | null;
    interval: {
      lower: number;
      upper: number;
    } | null;
    label: string | null;
    name: string;
    reasons: {
      code: string;
      field?: string | null;
      text: Sentence;
    }[];
    text: Sentence;
    title: Sentence;
    unit: string;
    value: number | null;
  }[];
  provenance: {
    inputSha256: string;
    modelSha256: string;
    calibrationVersion: string;
    modelId: string;
    modelVersion: string;
    pipelineVersion: string;
    precision: string;
    provider: string;
    thresholdVersion: string;
  };
  reasons: {
    code: string;
    field: string | null;
    text: Sentence;
  }[];
  riskAge: {
    bound: "exact" | "below" | "above";
    text: Sentence;
    years: number;
  } | null;
  settledBy: {
    codes: string[];
    input: string;
    settles: boolean;
    title: Sentence;
    unit: string | null;
  } | null;
  title: Sentence;
  vietNam: {
    fit: string;
    text: Sentence;
  };
  whatIf: {
    category: {
      code: string;
      level: string;
      title: Sentence;
    } | null;
    changes: {
      from: number | boolean | string;
      input: string;
      title: Sentence;
      to: number | boolean | string;
    }[];
    difference: number;
    text: Sentence;
    value: number;
  }[];
  words: Sentence[];
}

export interface ExchangedModel {
  newSha256: string | null;
  oldSha256: string | null;
  calibrationVersion: string | null;
  outcome: "loaded" | "unchanged" | "refused" | "removed";
  reason: string | null;
  version: string | null;
}

export interface Finding {
  beyondCalibration: boolean;
  code: string;
  decision: "positive" | "negative" | "indeterminate";
  heatmap: {
    faithfulness: number | null;
    reason: Reason | null;
    shown: boolean;
    state: "checking" | "available" | "hidden" | "failed";
  } | null;
  prevalence: number | null;
  /**
   * @min 0
   * @max 1
   */
  probability: number;
}

export interface FindingChange {
  before: {
    decision: "positive" | "negative" | "indeterminate";
    /**
     * @min 0
     * @max 1
     */
    probability: number;
  } | null;
  coverage: number | null;
  difference: number | null;
  finding: string;
  lower: number | null;
  now: {
    decision: "positive" | "negative" | "indeterminate";
    /**
     * @min 0
     * @max 1
     */
    probability: number;
  };
  reason: Reason | null;
  upper: number | null;
  verdict: "increased" | "decreased" | "unchanged" | "cannot-tell";
}

export interface HospitalOrder {
  department: string | null;
  physician: string | null;
  priority: Priority;
  question: string | null;
  state: "ordered" | "cancelled";
}

export interface InstanceVerdict {
  name: string;
  problem: Problem | null;
  sopInstanceUid: string | null;
  status: "stored" | "duplicate" | "refused";
  studyUid: string | null;
}

export interface Model {
  sha256: string;
  calibration: {
    errorRate: number;
    method: string;
    version: string;
  };
  gate: {
    ageYears: {
      maximum: number;
      minimum: number;
    };
    bodyParts: string[];
    modalities: string[];
    views: string[];
  };
  heads: {
    ageYears: {
      maximum: number;
      minimum: number;
    } | null;
    code: string;
    explains: boolean;
    negativeTo: number;
    positiveFrom: number;
    prevalence: {
      population: Sentence;
      source: string;
      value: number;
    } | null;
    priority: string;
    title: Sentence;
  }[];
  id: string;
  licence: string;
  /**
   * @min -9007199254740991
   * @max 9007199254740991
   */
  memoryMib: number;
  precision: string | null;
  provider: string | null;
  /**
   * @min -9007199254740991
   * @max 9007199254740991
   */
  readings: number;
  reason: string | null;
  share: number;
  stage: "draft" | "silent" | "pilot" | "live" | "retired";
  stageSince: string | null;
  state: "starting" | "ready" | "refused" | "unloaded" | "unused";
  title: Sentence;
  version: string;
}

export interface ModelExit {
  against: string[];
  findings: {
    beyondShare: number | null;
    calibrated: boolean | null;
    candidateAuroc: number | null;
    difference: number | null;
    finding: string;
    liveAuroc: number | null;
    lower: number | null;
    /**
     * @min -9007199254740991
     * @max 9007199254740991
     */
    n: number;
    notInferior: boolean | null;
    /**
     * @min -9007199254740991
     * @max 9007199254740991
     */
    positives: number;
    slope: {
      lower: number;
      upper: number;
      value: number;
    } | null;
    source: string;
    upper: number | null;
  }[];
  margin: number;
  passed: boolean;
}

export interface ModelHealth {
  sha256: string | null;
  id: string;
  precision: string | null;
  provider: string | null;
  reason: string | null;
  remote: {
    reason: string | null;
    state: "checking" | "ready" | "away" | "refused";
    url: string;
  } | null;
  state: "starting" | "ready" | "refused" | "unloaded";
}

export interface ModelTrialInput {
  candidate: {
    /** @pattern ^[0-9a-f]{64}$ */
    sha256: string;
    /**
     * @minLength 1
     * @maxLength 200
     */
    calibration: string;
    /**
     * @minLength 1
     * @maxLength 200
     */
    modelId: string;
    /**
     * @minLength 1
     * @maxLength 200
     */
    modelVersion: string;
  };
  dataset: {
    /**
     * @minLength 1
     * @maxLength 200
     */
    splitSha256: string;
    /**
     * @min 0
     * @max 9007199254740991
     */
    films: number;
    /**
     * @minLength 1
     * @maxLength 200
     */
    id: string;
    /**
     * @minLength 1
     * @maxLength 200
     */
    split: string;
  };
  /** @maxItems 200 */
  findings: {
    /**
     * @min 0
     * @max 9007199254740991
     */
    beyondCalibration: number;
    candidate: number[];
    /**
     * @minLength 1
     * @maxLength 200
     */
    finding: string;
    live: number[];
    patients: string[];
    present: (0 | 1)[];
    /**
     * @minLength 1
     * @maxLength 200
     */
    source: string;
  }[];
  format: "haidang-model-trial";
  live: {
    /** @pattern ^[0-9a-f]{64}$ */
    sha256: string;
    /**
     * @minLength 1
     * @maxLength 200
     */
    calibration: string;
    /**
     * @minLength 1
     * @maxLength 200
     */
    modelId: string;
    /**
     * @minLength 1
     * @maxLength 200
     */
    modelVersion: string;
  };
  /** @maxLength 40 */
  madeAt: string;
  /**
   * @minLength 1
   * @maxLength 200
   */
  program: string;
}

export interface OipError {
  error: string;
}

export interface OipModel {
  inputs: {
    datatype: string;
    name: string;
    shape: number[];
  }[];
  name: string;
  outputs: {
    datatype: string;
    name: string;
    shape: number[];
  }[];
  platform: string;
  versions: string[];
}

export interface Opinion {
  at: string;
  findingCode: string;
  present: boolean;
  saidBy: string;
}

export type Outcome = "assessed" | "not-assessed" | "failed";

export interface OutgoingMessage {
  /**
   * @min -9007199254740991
   * @max 9007199254740991
   */
  attempts: number;
  createdAt: string;
  deliveredAt: string | null;
  id: string;
  lastError: string | null;
  nextAt: string;
  state: "waiting" | "sending" | "delivered" | "dead";
  target: string;
  topic: string;
}

export interface PageSettings {
  firstRead: boolean;
  sandbox: boolean;
}

export interface Prior {
  changes: FindingChange[];
  /**
   * @min -9007199254740991
   * @max 9007199254740991
   */
  daysBefore: number;
  description: string | null;
  fetched: boolean;
  images: {
    columns: number | null;
    format: "dicom" | "png" | "jpeg";
    rows: number | null;
    sopInstanceUid: string;
    view: string | null;
  }[];
  modality: string | null;
  obstacle: Reason | null;
  outcome: Outcome | null;
  readingId: string | null;
  sopInstanceUid: string;
  studyUid: string;
  takenAt: string;
}

export type Priority = "critical" | "urgent" | "routine";

export type PriorityInput = "critical" | "urgent" | "routine";

export interface Priors {
  fetch: {
    failed: string[];
    state: "off" | "waiting" | "done" | "failed";
  };
  priors: Prior[];
  reason: Reason | null;
  studyUid: string;
  /**
   * @min -9007199254740991
   * @max 9007199254740991
   */
  total: number;
  withheld: {
    reason: Reason;
    studyUid: string;
  }[];
}

export interface Problem {
  code: string;
  field: string | null;
  reason: string;
  requestId: string;
  /**
   * @min -9007199254740991
   * @max 9007199254740991
   */
  status: number;
  text: Sentence;
}

export interface Progress {
  /**
   * @min -9007199254740991
   * @max 9007199254740991
   */
  attempt: number;
  reason: Reason | null;
  state: "waiting" | "running" | "retrying" | "done" | "failed";
}

export interface Provenance {
  inputSha256: string;
  modelSha256: string;
  calibrationVersion: string;
  modelId: string;
  modelVersion: string;
  pipelineVersion: string;
  precision: string;
  provider: string;
  thresholdVersion: string;
}

export interface ProvinceTotals {
  facilities: {
    alerts: {
      /**
       * @min -9007199254740991
       * @max 9007199254740991
       */
      answered: number;
      bySeverity: Partial<Record<string, number>>;
      /**
       * @min -9007199254740991
       * @max 9007199254740991
       */
      overridden: number;
      /**
       * @min -9007199254740991
       * @max 9007199254740991
       */
      raised: number;
      /**
       * @min -9007199254740991
       * @max 9007199254740991
       */
      suppressed: number;
    };
    facility: string;
    studies: {
      /**
       * @min -9007199254740991
       * @max 9007199254740991
       */
      assessed: number;
      /**
       * @min -9007199254740991
       * @max 9007199254740991
       */
      failed: number;
      /**
       * @min -9007199254740991
       * @max 9007199254740991
       */
      notAssessed: number;
      /**
       * @min -9007199254740991
       * @max 9007199254740991
       */
      received: number;
    };
    turnaround: {
      p90Minutes: number | null;
      medianMinutes: number | null;
      /**
       * @min -9007199254740991
       * @max 9007199254740991
       */
      n: number;
    };
  }[];
  since: string;
  sums: {
    alerts: {
      /**
       * @min -9007199254740991
       * @max 9007199254740991
       */
      answered: number;
      bySeverity: Partial<Record<string, number>>;
      /**
       * @min -9007199254740991
       * @max 9007199254740991
       */
      overridden: number;
      /**
       * @min -9007199254740991
       * @max 9007199254740991
       */
      raised: number;
      /**
       * @min -9007199254740991
       * @max 9007199254740991
       */
      suppressed: number;
    };
    /**
     * @min -9007199254740991
     * @max 9007199254740991
     */
    facilities: number;
    studies: {
      /**
       * @min -9007199254740991
       * @max 9007199254740991
       */
      assessed: number;
      /**
       * @min -9007199254740991
       * @max 9007199254740991
       */
      failed: number;
      /**
       * @min -9007199254740991
       * @max 9007199254740991
       */
      notAssessed: number;
      /**
       * @min -9007199254740991
       * @max 9007199254740991
       */
      received: number;
    };
  };
}

export interface Readiness {
  database: "ok" | "read-only" | "full" | "unreachable";
  disk: "ok" | "low" | "full" | "read-only" | "failed";
  models: ModelHealth[];
  status: "ready" | "not-ready";
  unreachedReceivers: string[];
}

export interface Reading {
  findings: Finding[];
  id: string;
  notForClinicalUse: boolean;
  outcome: Outcome;
  priority: Priority;
  provenance: Provenance;
  readAt: string;
  reasons: Reason[];
  /**
   * @min -9007199254740991
   * @max 9007199254740991
   */
  revision: number;
  sopInstanceUids: string[];
  studyUid: string;
  supersededBy: string | null;
}

export interface Reason {
  code: string;
  text: Sentence;
}

export interface Replay {
  differences: {
    recorded: string;
    replayed: string;
    what: string;
  }[];
  largestDifference: number | null;
  model: {
    recordedSha256: string;
    sha256: string;
    id: string;
  };
  outcome: "same" | "differs" | "not-possible";
  reading: string;
  reason: {
    code: string;
    detail: string;
    text: Sentence;
  } | null;
  studyUid: string;
  tolerance: number | null;
}

export interface ResponseFigures {
  p90Minutes: number | null;
  /**
   * @min -9007199254740991
   * @max 9007199254740991
   */
  answered: number;
  /**
   * @min -9007199254740991
   * @max 9007199254740991
   */
  ended: number;
  group: "all" | "severity" | "role" | "login" | "ward";
  medianMinutes: number | null;
  name: string;
  /**
   * @min -9007199254740991
   * @max 9007199254740991
   */
  told: number;
  unanswered: {
    /**
     * @min -9007199254740991
     * @max 9007199254740991
     */
    fromMinutes: number;
    /**
     * @min -9007199254740991
     * @max 9007199254740991
     */
    n: number;
    toMinutes: number | null;
  }[];
}

export interface RuleOutcome {
  accepted: {
    lower: number | null;
    /**
     * @min -9007199254740991
     * @max 9007199254740991
     */
    n: number;
    upper: number | null;
    value: number | null;
  };
  byStatus: Partial<
    Record<
      | "new"
      | "seen"
      | "acknowledged"
      | "overridden"
      | "false-positive"
      | "resolved"
      | "expired",
      number
    >
  >;
  medianMinutesToAnswer: number | null;
  modelVersion: string;
  overrideReasons: Partial<Record<string, number>>;
  rule: string;
  /**
   * @min -9007199254740991
   * @max 9007199254740991
   */
  suppressed: number;
  title: Sentence;
  /**
   * @min -9007199254740991
   * @max 9007199254740991
   */
  told: number;
}

export interface Sentence {
  en: string;
  vi: string;
}

export interface Session {
  actor: string;
  csrf: string | null;
  facility: string;
  login: boolean;
  roles: (
    | "radiologist"
    | "physician"
    | "nurse"
    | "researcher"
    | "his"
    | "admin"
    | "province"
  )[];
  scopes: (
    | "public"
    | "link"
    | "signed-in"
    | "studies:write"
    | "readings:read"
    | "alerts:read"
    | "alerts:acknowledge"
    | "alerts:write"
    | "risk:assess"
    | "models:read"
    | "models:write"
    | "metrics:read"
    | "emergency:open"
    | "facilities:read"
    | "figures:read"
    | "admin:read"
    | "admin:write"
    | "interop"
  )[];
}

export interface SimilarCases {
  cutOff: {
    alike: number;
    /**
     * @min -9007199254740991
     * @max 9007199254740991
     */
    belowMinimum: number;
    chance: number;
    dataset: string;
    minimum: number;
  } | null;
  method: "exact" | "hnsw";
  nearDuplicates: {
    ageYears: number | null;
    confirmed: {
      absent: string[];
      present: string[];
    };
    findings: string[];
    labelSource: "model" | "clinician" | "dataset";
    readingId: string;
    sex: string | null;
    similarity: number;
    sopInstanceUid: string | null;
    studyUid: string;
    view: string | null;
  }[];
  neighbours: {
    ageYears: number | null;
    confirmed: {
      absent: string[];
      present: string[];
    };
    findings: string[];
    labelSource: "model" | "clinician" | "dataset";
    readingId: string;
    sex: string | null;
    similarity: number;
    sopInstanceUid: string | null;
    studyUid: string;
    view: string | null;
  }[];
  recall: {
    filter: string;
    /**
     * @min -9007199254740991
     * @max 9007199254740991
     */
    k: number;
    measuredAt: string | null;
    recall: number;
  } | null;
  space: {
    modelId: string;
    modelVersion: string;
  };
  votes: {
    /**
     * @min -9007199254740991
     * @max 9007199254740991
     */
    confirmed: number;
    finding: string;
    kind: "too-few" | "agrees" | "disagrees" | "undecided";
    /**
     * @min -9007199254740991
     * @max 9007199254740991
     */
    positive: number;
  }[];
}

export interface Study {
  accessionNumber: string | null;
  ageYears: number | null;
  alertIds: string[];
  closedAt: string | null;
  description: string | null;
  images: {
    columns: number | null;
    format: "dicom" | "png" | "jpeg";
    rows: number | null;
    sopInstanceUid: string;
    view: string | null;
  }[];
  modality: string | null;
  notForClinicalUse: boolean;
  openedAt: string | null;
  order: HospitalOrder | null;
  patient: {
    birthDate: string | null;
    id: string | null;
    name: string | null;
    sex: string | null;
  };
  progress: Progress;
  reading: Reading | null;
  receivedAt: string;
  studyTime: string | null;
  studyUid: string;
  treatmentCode: string | null;
}

export interface UploadAnswer {
  instances: InstanceVerdict[];
  studies: string[];
}

export interface UploadProblem {
  code: string;
  field: string | null;
  instances?: InstanceVerdict[];
  reason: string;
  requestId: string;
  /**
   * @min -9007199254740991
   * @max 9007199254740991
   */
  status: number;
  text: Sentence;
}

export interface Worklist {
  asOf: string;
  counts: {
    /**
     * @min -9007199254740991
     * @max 9007199254740991
     */
    closed: number;
    /**
     * @min -9007199254740991
     * @max 9007199254740991
     */
    critical: number;
    /**
     * @min -9007199254740991
     * @max 9007199254740991
     */
    routine: number;
    /**
     * @min -9007199254740991
     * @max 9007199254740991
     */
    urgent: number;
  };
  items: WorklistItem[];
  next: string | null;
  /**
   * @min -9007199254740991
   * @max 9007199254740991
   */
  total: number;
}

export interface WorklistItem {
  accessionNumber: string | null;
  ageYears: number | null;
  alertIds: string[];
  answered: "overridden" | "false-positive" | null;
  because: {
    code: "found" | "requested" | "waited" | "answered" | "arrival";
    text: Sentence;
  };
  closedAt: string | null;
  description: string | null;
  /**
   * @min -9007199254740991
   * @max 9007199254740991
   */
  images: number;
  modality: string | null;
  notForClinicalUse: boolean;
  openedAt: string | null;
  order: HospitalOrder | null;
  outcome: Outcome | null;
  patient: {
    birthDate: string | null;
    id: string | null;
    name: string | null;
    sex: string | null;
  };
  place: Priority;
  progress: {
    /**
     * @min -9007199254740991
     * @max 9007199254740991
     */
    attempt: number;
    state: "waiting" | "running" | "retrying" | "failed" | "done";
  } | null;
  reading: Reading | null;
  reasons: Reason[];
  receivedAt: string;
  studyTime: string | null;
  studyUid: string;
  waitedMinutes: number;
}

export interface WorklistRow {
  accessionNumber: string | null;
  ageYears: number | null;
  alertIds: string[];
  answered: "overridden" | "false-positive" | null;
  because: {
    code: "found" | "requested" | "waited" | "answered" | "arrival";
    text: Sentence;
  };
  closedAt: string | null;
  description: string | null;
  film: string | null;
  findings: {
    code: string;
    priority: Priority;
    probability: number | null;
    said: "present" | "absent" | null;
    title: Sentence;
  }[];
  /**
   * @min -9007199254740991
   * @max 9007199254740991
   */
  images: number;
  modality: string | null;
  notForClinicalUse: boolean;
  openedAt: string | null;
  order: HospitalOrder | null;
  outcome: Outcome | null;
  patient: {
    birthDate: string | null;
    id: string | null;
    name: string | null;
    sex: string | null;
  };
  place: Priority;
  progress: {
    /**
     * @min -9007199254740991
     * @max 9007199254740991
     */
    attempt: number;
    state: "waiting" | "running" | "retrying" | "failed" | "done";
  } | null;
  reasons: Reason[];
  receivedAt: string;
  studyTime: string | null;
  studyUid: string;
  /**
   * @min -9007199254740991
   * @max 9007199254740991
   */
  undecided: number;
  waitedMinutes: number;
}

export interface WorklistRows {
  asOf: string;
  counts: {
    /**
     * @min -9007199254740991
     * @max 9007199254740991
     */
    closed: number;
    /**
     * @min -9007199254740991
     * @max 9007199254740991
     */
    critical: number;
    /**
     * @min -9007199254740991
     * @max 9007199254740991
     */
    routine: number;
    /**
     * @min -9007199254740991
     * @max 9007199254740991
     */
    urgent: number;
  };
  items: WorklistRow[];
  next: string | null;
  /**
   * @min -9007199254740991
   * @max 9007199254740991
   */
  total: number;
}

export type QueryParamsType = Record<string | number, any>;
export type ResponseFormat = keyof Omit<Body, "body" | "bodyUsed">;

export interface FullRequestParams extends Omit<RequestInit, "body"> {
  /** set parameter to `true` for call `securityWorker` for this request */
  secure?: boolean;
  /** request path */
  path: string;
  /** content type of request body */
  type?: ContentType;
  /** query params */
  query?: QueryParamsType;
  /** format of response (i.e. response.json() -> format: "json") */
  format?: ResponseFormat;
  /** request body */
  body?: unknown;
  /** base url */
  baseUrl?: string;
  /** request cancellation token */
  cancelToken?: CancelToken;
}

export type RequestParams = Omit<
  FullRequestParams,
  "body" | "method" | "query" | "path"
>;

export interface ApiConfig<SecurityDataType = unknown> {
  baseUrl?: string;
  baseApiParams?: Omit<RequestParams, "baseUrl" | "cancelToken" | "signal">;
  securityWorker?: (
    securityData: SecurityDataType | null,
  ) => Promise<RequestParams | void> | RequestParams | void;
  customFetch?: typeof fetch;
}

export interface HttpResponse<D extends unknown, E extends unknown = unknown>
  extends Response {
  data: D;
  error: E;
}

type CancelToken = Symbol | string | number;

export type ContentType =
  | "application/json"
  | "application/vnd.api+json"
  | "multipart/form-data"
  | "application/x-www-form-urlencoded"
  | "text/plain";

export class HttpClient<SecurityDataType = unknown> {
  public baseUrl: string = "";
  private securityData: SecurityDataType | null = null;
  private securityWorker?: ApiConfig<SecurityDataType>["securityWorker"];
  private abortControllers = new Map<CancelToken, AbortController>();
  private customFetch = (...fetchParams: Parameters<typeof fetch>) =>
    fetch(...fetchParams);

  private baseApiParams: RequestParams = {
    credentials: "same-origin",
    headers: {},
    redirect: "follow",
    referrerPolicy: "no-referrer",
  };

  constructor(apiConfig: ApiConfig<SecurityDataType> = {}) {
    Object.assign(this, apiConfig);
  }

  public setSecurityData = (data: SecurityDataType | null) => {
    this.securityData = data;
  };

  protected encodeQueryParam(key: string, value: any) {
    const encodedKey = encodeURIComponent(key);
    return `${encodedKey}=${encodeURIComponent(typeof value === "number" ? value : `${value}`)}`;
  }

  protected addQueryParam(query: QueryParamsType, key: string) {
    return this.encodeQueryParam(key, query[key]);
  }

  protected addArrayQueryParam(query: QueryParamsType, key: string) {
    const value = query[key];
    return value.map((v: any) => this.encodeQueryParam(key, v)).join("&");
  }

  protected toQueryString(rawQuery?: QueryParamsType): string {
    const query = rawQuery || {};
    const keys = Object.keys(query).filter(
      (key) => "undefined" !== typeof query[key],
    );
    return keys
      .map((key) =>
        Array.isArray(query[key])
          ? this.addArrayQueryParam(query, key)
          : this.addQueryParam(query, key),
      )
      .join("&");
  }

  protected addQueryParams(rawQuery?: QueryParamsType): string {
    const queryString = this.toQueryString(rawQuery);
    return queryString ? `?${queryString}` : "";
  }

  private contentFormatters: Record<ContentType, (input: any) => any> = {
    ["application/json"]: (input: any) =>
      input !== null && (typeof input === "object" || typeof input === "string")
        ? JSON.stringify(input)
        : input,
    ["application/vnd.api+json"]: (input: any) =>
      input !== null && (typeof input === "object" || typeof input === "string")
        ? JSON.stringify(input)
        : input,
    ["text/plain"]: (input: any) =>
      input !== null && typeof input !== "string"
        ? JSON.stringify(input)
        : input,
    ["multipart/form-data"]: (input: any) => {
      if (input instanceof FormData) {
        return input;
      }

      return Object.keys(input || {}).reduce((formData, key) => {
        const property = input[key];
        formData.append(
          key,
          property instanceof Blob
            ? property
            : typeof property === "object" && property !== null
              ? JSON.stringify(property)
              : `${property}`,
        );
        return formData;
      }, new FormData());
    },
    ["application/x-www-form-urlencoded"]: (input: any) =>
      this.toQueryString(input),
  };

  protected mergeRequestParams(
    params1: RequestParams,
    params2?: RequestParams,
  ): RequestParams {
    return {
      ...this.baseApiParams,
      ...params1,
      ...(params2 || {}),
      headers: {
        ...(this.baseApiParams.headers || {}),
        ...(params1.headers || {}),
        ...((params2 && params2.headers) || {}),
      },
    };
  }

  protected createAbortSignal = (
    cancelToken: CancelToken,
  ): AbortSignal | undefined => {
    if (this.abortControllers.has(cancelToken)) {
      const abortController = this.abortControllers.get(cancelToken);
      if (abortController) {
        return abortController.signal;
      }
      return void 0;
    }

    const abortController = new AbortController();
    this.abortControllers.set(cancelToken, abortController);
    return abortController.signal;
  };

  public abortRequest = (cancelToken: CancelToken) => {
    const abortController = this.abortControllers.get(cancelToken);

    if (abortController) {
      abortController.abort();
      this.abortControllers.delete(cancelToken);
    }
  };

  public request = async <T = any, E = any>({
    body,
    secure,
    path,
    type,
    query,
    format,
    baseUrl,
    cancelToken,
    ...params
  }: FullRequestParams): Promise<HttpResponse<T, E>> => {
    const secureParams =
      ((typeof secure === "boolean" ? secure : this.baseApiParams.secure) &&
        this.securityWorker &&
        (await this.securityWorker(this.securityData))) ||
      {};
    const requestParams = this.mergeRequestParams(params, secureParams);
    const queryString = query && this.toQueryString(query);
    const payloadFormatter = this.contentFormatters[type || "application/json"];
    const responseFormat = format || requestParams.format;

    return this.customFetch(
      `${baseUrl || this.baseUrl || ""}${path}${queryString ? `?${queryString}` : ""}`,
      {
        ...requestParams,
        headers: {
          ...(requestParams.headers || {}),
          ...(type && type !== "multipart/form-data"
            ? { "Content-Type": type }
            : {}),
        },
        signal:
          (cancelToken
            ? this.createAbortSignal(cancelToken)
            : requestParams.signal) || null,
        body:
          typeof body === "undefined" || body === null
            ? null
            : payloadFormatter(body),
      },
    ).then(async (response) => {
      const r = response as HttpResponse<T, E>;
      r.data = null as unknown as T;
      r.error = null as unknown as E;

      const responseToParse = responseFormat ? response.clone() : response;
      const data = !responseFormat
        ? r
        : await responseToParse[responseFormat]()
            .then((data) => {
              if (r.ok) {
                r.data = data;
              } else {
                r.error = data;
              }
              return r;
            })
            .catch((e) => {
              r.error = e;
              return r;
            });

      if (cancelToken) {
        this.abortControllers.delete(cancelToken);
      }

      if (!response.ok) throw data;
      return data;
    });
  };
}

/**
 * @title Haidang
 * @version 0.1.0
 * @license Apache-2.0
 *
 * AI-assisted clinical decision support. Not a registered medical device; research and evaluation use; a clinician decides.
 */
export class Api<
  SecurityDataType extends unknown,
> extends HttpClient<SecurityDataType> {
  health = {
    /**
     * No description
     *
     * @tags health
     * @name Live
     * @request GET:/health/live
     * @secure
     */
    live: (params: RequestParams = {}) =>
      this.request<
        {
          status: "live";
        },
        Problem
      >({
        path: `/health/live`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags health
     * @name ModelHealth
     * @request GET:/health/models/{id}
     * @secure
     */
    modelHealth: (id: string, params: RequestParams = {}) =>
      this.request<ModelHealth, ModelHealth | Problem>({
        path: `/health/models/${id}`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags health
     * @name Ready
     * @request GET:/health/ready
     * @secure
     */
    ready: (params: RequestParams = {}) =>
      this.request<Readiness, Readiness | Problem>({
        path: `/health/ready`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),
  };
  v1 = {
    /**
     * No description
     *
     * @tags alerts
     * @name AcknowledgeAlert
     * @request POST:/v1/alerts/{id}/acknowledge
     * @secure
     */
    acknowledgeAlert: (
      id: string,
      data: {
        /**
         * @minLength 1
         * @maxLength 2000
         */
        comment?: string;
        /**
         * @format uuid
         * @pattern ^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$
         */
        eventId?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<Alert, Problem>({
        path: `/v1/alerts/${id}/acknowledge`,
        method: "POST",
        body: data,
        secure: true,
        type: "application/json",
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags admin
     * @name AddAccount
     * @summary A local account; the answer holds its first password, which the person has to change
     * @request POST:/v1/accounts
     * @secure
     */
    addAccount: (
      data: {
        /**
         * @minLength 1
         * @maxLength 100
         */
        login: string;
        role:
          | "radiologist"
          | "physician"
          | "nurse"
          | "researcher"
          | "his"
          | "admin"
          | "province";
      },
      params: RequestParams = {},
    ) =>
      this.request<
        {
          password: string;
        },
        Problem
      >({
        path: `/v1/accounts`,
        method: "POST",
        body: data,
        secure: true,
        type: "application/json",
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags admin
     * @name AddKey
     * @summary A key for a system; the answer is the only time that it is shown
     * @request POST:/v1/keys
     * @secure
     */
    addKey: (
      data: {
        /**
         * @min 1
         * @max 3650
         */
        days?: number;
        /** @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$ */
        name: string;
        role:
          | "radiologist"
          | "physician"
          | "nurse"
          | "researcher"
          | "his"
          | "admin"
          | "province";
      },
      params: RequestParams = {},
    ) =>
      this.request<
        {
          key: string;
        },
        Problem
      >({
        path: `/v1/keys`,
        method: "POST",
        body: data,
        secure: true,
        type: "application/json",
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags risk
     * @name AssessCohort
     * @summary A cohort as NDJSON, in and out as a stream: {"id"?, "inputs"} per line; read the answer while sending
     * @request POST:/v1/risk/cohort
     * @secure
     */
    assessCohort: (
      query: {
        /** @minLength 1 */
        equation: string;
        /**
         * Number of the first line sent, to go on after a break
         * @min 1
         * @max 9007199254740991
         */
        firstRow?: number;
      },
      params: RequestParams = {},
    ) =>
      this.request<void, any>({
        path: `/v1/risk/cohort`,
        method: "POST",
        query: query,
        secure: true,
        ...params,
      }),

    /**
     * No description
     *
     * @tags risk
     * @name AssessRisk
     * @summary One person: every equation that applies, or those that are named, with reasons, intervals and what-ifs
     * @request POST:/v1/risk/assess
     * @secure
     */
    assessRisk: (
      data: {
        asOf?: string;
        /**
         * Absent: all that apply
         * @maxItems 60
         * @minItems 1
         */
        equations?: string[];
        explain?: boolean;
        /** By the input names of the one equation that is named */
        inputs?: Partial<Record<string, number | boolean | string>>;
        /** Keep the results in the series of the patient, and tell the ward what it wants to be told */
        keep?: boolean;
        /** @maxItems 5000 */
        measurements?: {
          /**
           * LOINC, ICD-10 or SNOMED code, or the name of a quantity
           * @minLength 1
           * @maxLength 100
           */
          code: string;
          comparator?: "<" | "<=" | ">" | ">=";
          /** @maxLength 200 */
          source?: string;
          /**
           * Code system of `code` (address, OID or HL7 name); absent: told by the form of the code
           * @maxLength 200
           */
          system?: string;
          time?: string;
          /**
           * UCUM, or a usual spelling
           * @minLength 1
           * @maxLength 50
           */
          unit?: string;
          /** A text may bear a decimal comma and a comparator, "<0,01"; "1,234" is not plainly one number */
          value: number | boolean | string;
        }[];
        patient?: {
          ageYears?: number;
          /**
           * A day, a month or a year: then the age lies between two numbers
           * @pattern ^\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?$
           */
          birthDate?: string;
          /**
           * @minLength 1
           * @maxLength 100
           */
          code?: string;
          sex?: "male" | "female";
        };
        /** @maxItems 20 */
        whatIf?: Partial<Record<string, number | boolean | string>>[];
      },
      params: RequestParams = {},
    ) =>
      this.request<
        {
          alertIds: string[];
          asOf: string;
          rejected: {
            code: string;
            field: string;
            index: number;
            reason: {
              code: string;
              text: Sentence;
            };
          }[];
          results: EquationResult[];
        },
        Problem
      >({
        path: `/v1/risk/assess`,
        method: "POST",
        body: data,
        secure: true,
        type: "application/json",
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags admin
     * @name Backup
     * @summary Everything that is stored, as one file for `haidang restore`; it holds patients’ data
     * @request POST:/v1/admin/backup
     * @secure
     */
    backup: (params: RequestParams = {}) =>
      this.request<Blob, Problem>({
        path: `/v1/admin/backup`,
        method: "POST",
        secure: true,
        ...params,
      }),

    /**
     * No description
     *
     * @tags session
     * @name ChangePassword
     * @summary Another password for a local account; the current one proves who asks
     * @request PUT:/v1/session/password
     * @secure
     */
    changePassword: (
      data: {
        /**
         * @minLength 1
         * @maxLength 1000
         */
        current: string;
        /**
         * @minLength 1
         * @maxLength 200
         */
        login: string;
        /**
         * @minLength 1
         * @maxLength 1000
         */
        next: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<void, Problem>({
        path: `/v1/session/password`,
        method: "PUT",
        body: data,
        secure: true,
        type: "application/json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags studies
     * @name CloseStudy
     * @summary A clinician has finished with the study: it leaves the worklist
     * @request POST:/v1/studies/{uid}/closed
     * @secure
     */
    closeStudy: (uid: string, params: RequestParams = {}) =>
      this.request<void, Problem>({
        path: `/v1/studies/${uid}/closed`,
        method: "POST",
        secure: true,
        ...params,
      }),

    /**
     * No description
     *
     * @tags models
     * @name ComputeModelExit
     * @summary Figures of a model against the live one on the confirmed cases, or on the cases of a report; changes nothing
     * @request POST:/v1/models/{id}/exit
     * @secure
     */
    computeModelExit: (
      id: string,
      data: {
        /**
         * @exclusiveMin 0
         * @exclusiveMax 0.5
         */
        margin?: number;
        report?: ModelTrialInput;
        /** @maxItems 200 */
        untested?: string[];
        /** @pattern ^[0-9]{1,20}$ */
        version?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<
        {
          exit: ModelExit;
          silentReadings: {
            /**
             * @min -9007199254740991
             * @max 9007199254740991
             */
            "not-assessed": number;
            /**
             * @min -9007199254740991
             * @max 9007199254740991
             */
            assessed: number;
            /**
             * @min -9007199254740991
             * @max 9007199254740991
             */
            failed: number;
          };
        },
        Problem
      >({
        path: `/v1/models/${id}/exit`,
        method: "POST",
        body: data,
        secure: true,
        type: "application/json",
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags admin
     * @name DisableAccount
     * @summary No more logins, and the open ones end
     * @request POST:/v1/accounts/{login}/disable
     * @secure
     */
    disableAccount: (login: string, params: RequestParams = {}) =>
      this.request<void, Problem>({
        path: `/v1/accounts/${login}/disable`,
        method: "POST",
        secure: true,
        ...params,
      }),

    /**
     * No description
     *
     * @tags alerts
     * @name GetAlert
     * @summary One alert with everything that was done about it
     * @request GET:/v1/alerts/{id}
     * @secure
     */
    getAlert: (id: string, params: RequestParams = {}) =>
      this.request<
        {
          alert: Alert;
          events: AlertEvent[];
        },
        Problem
      >({
        path: `/v1/alerts/${id}`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags alerts
     * @name GetAlertFeedback
     * @summary Every answer to an alert as CSV, without patients
     * @request GET:/v1/alert-feedback.csv
     * @secure
     */
    getAlertFeedback: (
      query?: {
        /** @pattern ^[0-9]+$ */
        days?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<string, Problem>({
        path: `/v1/alert-feedback.csv`,
        method: "GET",
        query: query,
        secure: true,
        ...params,
      }),

    /**
     * No description
     *
     * @tags alerts
     * @name GetAlertFigures
     * @summary Per rule and model version: told, suppressed, answered and how, with the share that was accepted
     * @request GET:/v1/alert-figures
     * @secure
     */
    getAlertFigures: (
      query?: {
        /** @pattern ^[0-9]+$ */
        days?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<RuleOutcome[], Problem>({
        path: `/v1/alert-figures`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags alerts
     * @name GetAlertHistory
     * @summary What was read, one JSON line per study, to try a policy on: haidang alerts simulate --history
     * @request GET:/v1/alert-history.ndjson
     * @secure
     */
    getAlertHistory: (
      query?: {
        /** @pattern ^[0-9]+$ */
        days?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<string, Problem>({
        path: `/v1/alert-history.ndjson`,
        method: "GET",
        query: query,
        secure: true,
        ...params,
      }),

    /**
     * No description
     *
     * @tags alerts
     * @name GetAlertInbox
     * @summary Open alerts, the unanswered first and of these the gravest and oldest, with the count of all that match
     * @request GET:/v1/alerts/inbox
     * @secure
     */
    getAlertInbox: (
      query?: {
        /** @pattern ^[0-9]+$ */
        limit?: string;
        /** @default "open" */
        state?: "open" | "all";
      },
      params: RequestParams = {},
    ) =>
      this.request<AlertInbox, Problem>({
        path: `/v1/alerts/inbox`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags alerts
     * @name GetAlertResponse
     * @summary How fast alerts are answered, per severity, receiver and ward; unanswered ones by age
     * @request GET:/v1/alert-response
     * @secure
     */
    getAlertResponse: (
      query?: {
        /** @pattern ^[0-9]+$ */
        days?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<
        {
          /**
           * @min -9007199254740991
           * @max 9007199254740991
           */
          leastForP90: number;
          ageBoundsMinutes: number[];
          asOf: string;
          figures: ResponseFigures[];
        },
        Problem
      >({
        path: `/v1/alert-response`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags alerts
     * @name GetAlertTable
     * @summary Alerts as CSV, one line each, with patient codes; what was kept silent stands among them with its reason
     * @request GET:/v1/alerts.csv
     * @secure
     */
    getAlertTable: (
      query?: {
        /** @pattern ^[0-9]+$ */
        days?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<string, Problem>({
        path: `/v1/alerts.csv`,
        method: "GET",
        query: query,
        secure: true,
        ...params,
      }),

    /**
     * No description
     *
     * @tags admin
     * @name GetAuditTable
     * @summary What a search of the audit trail finds as CSV, the newest first, 50000 lines at most
     * @request GET:/v1/audit.csv
     * @secure
     */
    getAuditTable: (
      query?: {
        /**
         * @minLength 1
         * @maxLength 200
         */
        action?: string;
        /**
         * @minLength 1
         * @maxLength 200
         */
        actor?: string;
        /**
         * @format date-time
         * @pattern ^(?:(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|(?:02)-(?:0[1-9]|1\d|2[0-8])))T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|([+-](?:[01]\d|2[0-3]):[0-5]\d)))$
         */
        before?: string;
        /**
         * @format date-time
         * @pattern ^(?:(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|(?:02)-(?:0[1-9]|1\d|2[0-8])))T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|([+-](?:[01]\d|2[0-3]):[0-5]\d)))$
         */
        from?: string;
        /**
         * @minLength 1
         * @maxLength 200
         */
        patient?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<string, Problem>({
        path: `/v1/audit.csv`,
        method: "GET",
        query: query,
        secure: true,
        ...params,
      }),

    /**
     * No description
     *
     * @tags figures
     * @name GetDrift
     * @summary Each device’s newest films against its own earlier ones: positive share, refused share, shift of the score
     * @request GET:/v1/drift
     * @secure
     */
    getDrift: (
      query?: {
        /** @pattern ^[0-9]+$ */
        days?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<
        {
          asOf: string;
          devices: {
            device: string;
            /**
             * @min -9007199254740991
             * @max 9007199254740991
             */
            earlierFilms: number;
            positive: {
              difference: {
                lower: number | null;
                /**
                 * @min -9007199254740991
                 * @max 9007199254740991
                 */
                n: number;
                upper: number | null;
                value: number | null;
              };
              earlier: {
                lower: number | null;
                /**
                 * @min -9007199254740991
                 * @max 9007199254740991
                 */
                n: number;
                upper: number | null;
                value: number | null;
              };
              recent: {
                lower: number | null;
                /**
                 * @min -9007199254740991
                 * @max 9007199254740991
                 */
                n: number;
                upper: number | null;
                value: number | null;
              };
            };
            /**
             * @min -9007199254740991
             * @max 9007199254740991
             */
            recentFilms: number;
            refused: {
              difference: {
                lower: number | null;
                /**
                 * @min -9007199254740991
                 * @max 9007199254740991
                 */
                n: number;
                upper: number | null;
                value: number | null;
              };
              earlier: {
                lower: number | null;
                /**
                 * @min -9007199254740991
                 * @max 9007199254740991
                 */
                n: number;
                upper: number | null;
                value: number | null;
              };
              recent: {
                lower: number | null;
                /**
                 * @min -9007199254740991
                 * @max 9007199254740991
                 */
                n: number;
                upper: number | null;
                value: number | null;
              };
            };
            score: {
              lower: number | null;
              /**
               * @min -9007199254740991
               * @max 9007199254740991
               */
              n: number;
              upper: number | null;
              value: number | null;
            };
            tooFew: boolean;
          }[];
          earlierFrom: string;
          /**
           * @min -9007199254740991
           * @max 9007199254740991
           */
          leastFilms: number;
          recentFrom: string;
        },
        Problem
      >({
        path: `/v1/drift`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags studies
     * @name GetHeatmap
     * @summary Where the film speaks for a finding: a transparent PNG that covers the whole film
     * @request GET:/v1/readings/{id}/heatmaps/{finding}
     * @secure
     */
    getHeatmap: (id: string, finding: string, params: RequestParams = {}) =>
      this.request<Blob, Problem>({
        path: `/v1/readings/${id}/heatmaps/${finding}`,
        method: "GET",
        secure: true,
        format: "blob",
        ...params,
      }),

    /**
     * No description
     *
     * @tags studies
     * @name GetImage
     * @summary The film as a person looks at it: 8-bit gray PNG, at most `size` pixels on its longer side
     * @request GET:/v1/images/{uid}
     * @secure
     */
    getImage: (
      uid: string,
      query?: {
        /** @pattern ^[0-9]+$ */
        size?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<Blob, Problem>({
        path: `/v1/images/${uid}`,
        method: "GET",
        query: query,
        secure: true,
        format: "blob",
        ...params,
      }),

    /**
     * No description
     *
     * @tags risk
     * @name GetKeptAssessments
     * @summary Kept assessments of one person as they were told, whole: the latest of each equation, or all of one
     * @request GET:/v1/risk/assessments/{patientCode}
     * @secure
     */
    getKeptAssessments: (
      patientCode: string,
      query?: {
        /** All kept results of one equation; absent: the latest of each */
        equation?: string;
        /** @pattern ^[0-9]+$ */
        limit?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<
        {
          assessments: {
            assessedAt: string;
            result: EquationResult;
          }[];
          patientCode: string;
        },
        Problem
      >({
        path: `/v1/risk/assessments/${patientCode}`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags session
     * @name GetLoginWays
     * @summary How one logs in here
     * @request GET:/v1/login
     * @secure
     */
    getLoginWays: (params: RequestParams = {}) =>
      this.request<
        {
          provider: string | null;
        },
        Problem
      >({
        path: `/v1/login`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags studies
     * @name GetOpinions
     * @summary What people said of the findings of a study, in answer to an alert or on the film
     * @request GET:/v1/studies/{uid}/opinions
     * @secure
     */
    getOpinions: (uid: string, params: RequestParams = {}) =>
      this.request<Opinion[], Problem>({
        path: `/v1/studies/${uid}/opinions`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags pages
     * @name GetPageSettings
     * @summary How the pages of this site read: first reading before the pre-read, sandbox
     * @request GET:/v1/page-settings
     * @secure
     */
    getPageSettings: (params: RequestParams = {}) =>
      this.request<PageSettings, Problem>({
        path: `/v1/page-settings`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags studies
     * @name GetPixels
     * @summary The stored values of a film, unchanged, for a viewer that windows by itself: uint32 length of a JSON header, the header, a table of 8-bit brightness, then uint16 values (little-endian)
     * @request GET:/v1/images/{uid}/pixels
     * @secure
     */
    getPixels: (
      uid: string,
      query?: {
        /** @pattern ^[0-9]+$ */
        frame?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<Blob, Problem>({
        path: `/v1/images/${uid}/pixels`,
        method: "GET",
        query: query,
        secure: true,
        ...params,
      }),

    /**
     * No description
     *
     * @tags studies
     * @name GetPriors
     * @summary Earlier films of the same person, newest first, and what changed since each of them
     * @request GET:/v1/studies/{uid}/priors
     * @secure
     */
    getPriors: (
      uid: string,
      query?: {
        /** @pattern ^[0-9]+$ */
        limit?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<Priors, Problem>({
        path: `/v1/studies/${uid}/priors`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags studies
     * @name GetReading
     * @summary One reading with its provenance
     * @request GET:/v1/readings/{id}
     * @secure
     */
    getReading: (id: string, params: RequestParams = {}) =>
      this.request<Reading, Problem>({
        path: `/v1/readings/${id}`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags studies
     * @name GetReadingsOfStudy
     * @summary All readings of a study, newest first, the superseded too
     * @request GET:/v1/studies/{uid}/readings
     * @secure
     */
    getReadingsOfStudy: (uid: string, params: RequestParams = {}) =>
      this.request<Reading[], Problem>({
        path: `/v1/studies/${uid}/readings`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags risk
     * @name GetRiskSeries
     * @summary Kept assessments of one person over time, with their trend
     * @request GET:/v1/risk/series/{patientCode}
     * @secure
     */
    getRiskSeries: (
      patientCode: string,
      query?: {
        equation?: string;
        since?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<
        {
          patientCode: string;
          series: {
            equationId: string;
            points: {
              assessedAt: string;
              category: string | null;
              equationVersion: string;
              id: string;
              interval: {
                lower: number;
                upper: number;
              } | null;
              riskAgeYears: number | null;
              text: Sentence;
              unit: string;
              value: number | null;
            }[];
            title: Sentence;
            trend: {
              difference: number;
              direction: "rising" | "falling" | "steady";
              text: Sentence;
            } | null;
          }[];
        },
        Problem
      >({
        path: `/v1/risk/series/${patientCode}`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags session
     * @name GetSession
     * @summary Who I am, and what I may do
     * @request GET:/v1/session
     * @secure
     */
    getSession: (params: RequestParams = {}) =>
      this.request<Session, Problem>({
        path: `/v1/session`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags studies
     * @name GetSimilarCases
     * @summary The most similar films of other people, by one model version
     * @request GET:/v1/readings/{id}/similar
     * @secure
     */
    getSimilarCases: (
      id: string,
      query?: {
        /** @pattern ^[0-9]+$ */
        ageFrom?: string;
        /** @pattern ^[0-9]+$ */
        ageTo?: string;
        /** @maxLength 64 */
        finding?: string;
        /** @pattern ^[0-9]+$ */
        k?: string;
        sex?: "M" | "F" | "O";
        /** @maxLength 16 */
        view?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<SimilarCases, Problem>({
        path: `/v1/readings/${id}/similar`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags studies
     * @name GetStudy
     * @summary A study with its current pre-read, or where its reading stands
     * @request GET:/v1/studies/{uid}
     * @secure
     */
    getStudy: (uid: string, params: RequestParams = {}) =>
      this.request<Study, Problem>({
        path: `/v1/studies/${uid}`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags figures
     * @name GetTurnaround
     * @summary How long studies take from arrival to reading, opening and closing, by urgency; those under way count too
     * @request GET:/v1/turnaround
     * @secure
     */
    getTurnaround: (
      query?: {
        /** @pattern ^[0-9]+$ */
        days?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<
        {
          asOf: string;
          /**
           * @min -9007199254740991
           * @max 9007199254740991
           */
          most: number;
          rows: {
            legs: {
              p90Minutes: number | null;
              p95Minutes: number | null;
              /**
               * @min -9007199254740991
               * @max 9007199254740991
               */
              begun: number;
              /**
               * @min -9007199254740991
               * @max 9007199254740991
               */
              ended: number;
              leg:
                | "arrival-reading"
                | "reading-opened"
                | "opened-closed"
                | "arrival-closed";
              medianMinutes: number | null;
            }[];
            priority: Priority;
            /**
             * @min -9007199254740991
             * @max 9007199254740991
             */
            studies: number;
          }[];
          /**
           * @min -9007199254740991
           * @max 9007199254740991
           */
          studies: number;
        },
        Problem
      >({
        path: `/v1/turnaround`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags worklist
     * @name GetWorklist
     * @summary Studies in the order of reading: by urgency, never below what was asked for; age lifts routine ones
     * @request GET:/v1/worklist
     * @secure
     */
    getWorklist: (
      query?: {
        /** @maxLength 400 */
        after?: string;
        /** @maxLength 64 */
        finding?: string;
        /** @pattern ^[0-9]+$ */
        limit?: string;
        /** @maxLength 16 */
        modality?: string;
        outcome?: "assessed" | "not-assessed" | "failed" | "unread";
        /** @maxLength 64 */
        patientId?: string;
        place?: PriorityInput;
        /** @maxLength 200 */
        search?: string;
        /** @default "open" */
        state?: "open" | "closed" | "all";
      },
      params: RequestParams = {},
    ) =>
      this.request<Worklist, Problem>({
        path: `/v1/worklist`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags worklist
     * @name GetWorklistRows
     * @summary The same list with what a row shows: positive findings with their titles instead of the whole reading
     * @request GET:/v1/worklist/rows
     * @secure
     */
    getWorklistRows: (
      query?: {
        /** @maxLength 400 */
        after?: string;
        /** @maxLength 64 */
        finding?: string;
        /** @pattern ^[0-9]+$ */
        limit?: string;
        /** @maxLength 16 */
        modality?: string;
        outcome?: "assessed" | "not-assessed" | "failed" | "unread";
        /** @maxLength 64 */
        patientId?: string;
        place?: PriorityInput;
        /** @maxLength 200 */
        search?: string;
        /** @default "open" */
        state?: "open" | "closed" | "all";
      },
      params: RequestParams = {},
    ) =>
      this.request<WorklistRows, Problem>({
        path: `/v1/worklist/rows`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags worklist
     * @name GetWorklistTable
     * @summary The same list as CSV, with patient codes and without names, 50000 lines at most
     * @request GET:/v1/worklist.csv
     * @secure
     */
    getWorklistTable: (
      query?: {
        /** @maxLength 64 */
        finding?: string;
        /** @maxLength 16 */
        modality?: string;
        outcome?: "assessed" | "not-assessed" | "failed" | "unread";
        /** @maxLength 64 */
        patientId?: string;
        place?: PriorityInput;
        /** @maxLength 200 */
        search?: string;
        /** @default "open" */
        state?: "open" | "closed" | "all";
      },
      params: RequestParams = {},
    ) =>
      this.request<string, Problem>({
        path: `/v1/worklist.csv`,
        method: "GET",
        query: query,
        secure: true,
        ...params,
      }),

    /**
     * No description
     *
     * @tags import
     * @name ImportHispro
     * @summary Fetch one treatment’s laboratory values and vital signs from HisPro, keep them and judge the risks
     * @request POST:/v1/import/hispro
     * @secure
     */
    importHispro: (
      data: {
        /**
         * @minLength 1
         * @maxLength 64
         */
        patientCode: string;
        /**
         * @exclusiveMin 0
         * @max 9007199254740991
         */
        patientId?: number;
        /**
         * @minLength 1
         * @maxLength 64
         */
        treatmentCode?: string;
        /**
         * @exclusiveMin 0
         * @max 9007199254740991
         */
        treatmentId?: number;
      },
      params: RequestParams = {},
    ) =>
      this.request<
        {
          alertIds: string[];
          /**
           * @min -9007199254740991
           * @max 9007199254740991
           */
          known: number;
          rejected: {
            code: string;
            reason: "unknown-code" | "not-a-number";
          }[];
          /**
           * @min -9007199254740991
           * @max 9007199254740991
           */
          stored: number;
        },
        Problem
      >({
        path: `/v1/import/hispro`,
        method: "POST",
        body: data,
        secure: true,
        type: "application/json",
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags import
     * @name ImportXml130
     * @summary A claim file (QĐ 130, 4750, 3176, 4210): one JSON line per measurement, report, rejection, and one for the file
     * @request POST:/v1/import/xml130
     * @secure
     */
    importXml130: (
      query?: {
        /** @default "false" */
        dryRun?: "true" | "false";
      },
      params: RequestParams = {},
    ) =>
      this.request<string, Problem>({
        path: `/v1/import/xml130`,
        method: "POST",
        query: query,
        secure: true,
        ...params,
      }),

    /**
     * No description
     *
     * @tags admin
     * @name ListAccounts
     * @summary Local accounts of this facility
     * @request GET:/v1/accounts
     * @secure
     */
    listAccounts: (params: RequestParams = {}) =>
      this.request<Account[], Problem>({
        path: `/v1/accounts`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags alerts
     * @name ListAlerts
     * @summary Alerts, newest first
     * @request GET:/v1/alerts
     * @secure
     */
    listAlerts: (
      query?: {
        include?: "suppressed" | "superseded";
        /** @pattern ^[0-9]+$ */
        limit?: string;
        /** @maxLength 64 */
        patientCode?: string;
        severity?: "info" | "warning" | "critical";
        status?:
          | "new"
          | "seen"
          | "acknowledged"
          | "overridden"
          | "false-positive"
          | "resolved"
          | "expired";
        /** @maxLength 64 */
        studyUid?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<Alert[], Problem>({
        path: `/v1/alerts`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags admin
     * @name ListAudit
     * @summary The audit trail of this facility, oldest first
     * @request GET:/v1/audit
     * @secure
     */
    listAudit: (
      query?: {
        /** @pattern ^[0-9]+$ */
        after?: string;
        /** @pattern ^[0-9]+$ */
        limit?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<AuditRecord[], Problem>({
        path: `/v1/audit`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags admin
     * @name ListEmergencyAccesses
     * @summary Who of another facility has opened records of this one, why and until when
     * @request GET:/v1/emergency-accesses
     * @secure
     */
    listEmergencyAccesses: (params: RequestParams = {}) =>
      this.request<EmergencyAccess[], Problem>({
        path: `/v1/emergency-accesses`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags risk
     * @name ListEquations
     * @summary The equations that are served, with their inputs, and those that were refused
     * @request GET:/v1/risk/equations
     * @secure
     */
    listEquations: (params: RequestParams = {}) =>
      this.request<
        {
          equations: {
            modelSha256: string;
            citation: string;
            form: string;
            group: string;
            horizon: Sentence;
            id: string;
            inputs: {
              codes: string[];
              concept: string;
              core: boolean;
              kind: "number" | "boolean" | "coded";
              levels:
                | {
                    code: string;
                    title: Sentence;
                  }[]
                | null;
              modifiable: boolean;
              name: string;
              range: {
                above: number | null;
                below: number | null;
                maximum: number | null;
                minimum: number | null;
                source: "published" | "plausible";
              } | null;
              title: Sentence;
              unit: string | null;
            }[];
            licenceDuty: Sentence | null;
            outcome: Sentence;
            outputs: {
              horizonYears: number | null;
              name: string;
              role: "headline" | "detail";
              title: Sentence;
              unit: string;
            }[];
            population: Sentence;
            title: Sentence;
            version: string;
            vietNam: {
              fit: string;
              text: Sentence;
            };
          }[];
          refused: {
            code: string;
            folder: string;
            reason: string;
          }[];
        },
        Problem
      >({
        path: `/v1/risk/equations`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags alerts
     * @name ListEscalations
     * @summary Of each unanswered alert: who else was told by the ward’s policy, who is told next and when
     * @request GET:/v1/alerts/escalations
     * @secure
     */
    listEscalations: (params: RequestParams = {}) =>
      this.request<AlertEscalation[], Problem>({
        path: `/v1/alerts/escalations`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags admin
     * @name ListFacilities
     * @summary Which facilities there are; nothing of a patient
     * @request GET:/v1/facilities
     * @secure
     */
    listFacilities: (params: RequestParams = {}) =>
      this.request<string[], Problem>({
        path: `/v1/facilities`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags admin
     * @name ListKeys
     * @summary Keys of systems of this facility, without their secrets
     * @request GET:/v1/keys
     * @secure
     */
    listKeys: (params: RequestParams = {}) =>
      this.request<ApiKey[], Problem>({
        path: `/v1/keys`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags models
     * @name ListModels
     * @summary The imaging models, which versions read, their operating points, and the folders that were refused
     * @request GET:/v1/models
     * @secure
     */
    listModels: (params: RequestParams = {}) =>
      this.request<
        {
          memory: {
            budgetMib: number | null;
            /**
             * @min -9007199254740991
             * @max 9007199254740991
             */
            usedMib: number;
          };
          models: Model[];
          refused: {
            code: string;
            folder: string;
            reason: string;
          }[];
        },
        Problem
      >({
        path: `/v1/models`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags admin
     * @name ListOutgoingMessages
     * @summary Messages to other systems, newest first, and the receivers that are not reached
     * @request GET:/v1/outbox
     * @secure
     */
    listOutgoingMessages: (
      query?: {
        /** @pattern ^[0-9]+$ */
        limit?: string;
        state?: "waiting" | "sending" | "delivered" | "dead";
        /** @maxLength 80 */
        target?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<
        {
          messages: OutgoingMessage[];
          unreachable: string[];
        },
        Problem
      >({
        path: `/v1/outbox`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags alerts
     * @name ListOverrideReasons
     * @summary The coded reasons for which an alert may be overridden
     * @request GET:/v1/alerts/override-reasons
     * @secure
     */
    listOverrideReasons: (params: RequestParams = {}) =>
      this.request<
        {
          about: ("film" | "risk")[];
          code:
            | "already-known"
            | "already-treated"
            | "wrong-data"
            | "image-quality"
            | "not-applicable"
            | "benefit-outweighs-risk"
            | "disagree"
            | "other";
          text: Sentence;
        }[],
        Problem
      >({
        path: `/v1/alerts/override-reasons`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags admin
     * @name ListRefusals
     * @summary What was refused at the door, newest first: the reason and the hash, never the content
     * @request GET:/v1/refusals
     * @secure
     */
    listRefusals: (
      query?: {
        /** @pattern ^[0-9]+$ */
        limit?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<
        {
          sha256: string | null;
          at: string;
          code: string;
          field: string | null;
          reason: string;
          text: Sentence | null;
        }[],
        Problem
      >({
        path: `/v1/refusals`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags session
     * @name LogIn
     * @summary Log in with a local account, or with the one-time code that the service printed
     * @request POST:/v1/session
     * @secure
     */
    logIn: (
      data:
        | {
            /**
             * @minLength 1
             * @maxLength 200
             */
            login: string;
            /**
             * @minLength 1
             * @maxLength 1000
             */
            password: string;
          }
        | {
            /**
             * @minLength 1
             * @maxLength 1000
             */
            code: string;
          },
      params: RequestParams = {},
    ) =>
      this.request<void, Problem>({
        path: `/v1/session`,
        method: "POST",
        body: data,
        secure: true,
        type: "application/json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags session
     * @name LogOut
     * @summary Log out
     * @request DELETE:/v1/session
     * @secure
     */
    logOut: (params: RequestParams = {}) =>
      this.request<void, Problem>({
        path: `/v1/session`,
        method: "DELETE",
        secure: true,
        ...params,
      }),

    /**
     * No description
     *
     * @tags alerts
     * @name MarkAlertFalsePositive
     * @request POST:/v1/alerts/{id}/false-positive
     * @secure
     */
    markAlertFalsePositive: (
      id: string,
      data: {
        /**
         * @minLength 1
         * @maxLength 2000
         */
        comment?: string;
        /**
         * @format uuid
         * @pattern ^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$
         */
        eventId?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<Alert, Problem>({
        path: `/v1/alerts/${id}/false-positive`,
        method: "POST",
        body: data,
        secure: true,
        type: "application/json",
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags alerts
     * @name MarkAlertSeen
     * @request POST:/v1/alerts/{id}/seen
     * @secure
     */
    markAlertSeen: (
      id: string,
      data: {
        /**
         * @minLength 1
         * @maxLength 2000
         */
        comment?: string;
        /**
         * @format uuid
         * @pattern ^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$
         */
        eventId?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<Alert, Problem>({
        path: `/v1/alerts/${id}/seen`,
        method: "POST",
        body: data,
        secure: true,
        type: "application/json",
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags studies
     * @name MarkOpened
     * @summary A clinician has opened the study
     * @request POST:/v1/studies/{uid}/opened
     * @secure
     */
    markOpened: (uid: string, params: RequestParams = {}) =>
      this.request<void, Problem>({
        path: `/v1/studies/${uid}/opened`,
        method: "POST",
        secure: true,
        ...params,
      }),

    /**
     * No description
     *
     * @tags worklist
     * @name MeasureTriage
     * @summary How long real studies waited, and would have waited in order of arrival with the same readers
     * @request GET:/v1/triage/measured
     * @secure
     */
    measureTriage: (params: RequestParams = {}) =>
      this.request<
        {
          groups: {
            byArrival: {
              lower: number;
              upper: number;
              value: number;
            };
            difference: {
              lower: number;
              upper: number;
              value: number;
            };
            priority: Priority;
            /**
             * @min -9007199254740991
             * @max 9007199254740991
             */
            studies: number;
            waited: {
              lower: number;
              upper: number;
              value: number;
            };
          }[];
          /**
           * @min -9007199254740991
           * @max 9007199254740991
           */
          studies: number;
        },
        Problem
      >({
        path: `/v1/triage/measured`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags emergency
     * @name OpenEmergencyAccess
     * @summary Open one person’s records of another facility for an hour; the reason is kept in both audit trails
     * @request POST:/v1/emergency-access
     * @secure
     */
    openEmergencyAccess: (
      data: {
        /** @pattern ^[a-z0-9][a-z0-9-]{0,62}$ */
        facility: string;
        /**
         * @minLength 1
         * @maxLength 64
         */
        patientCode: string;
        /**
         * @minLength 10
         * @maxLength 500
         */
        reason: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<
        {
          endsAt: string;
          facility: string;
          id: string;
        },
        Problem
      >({
        path: `/v1/emergency-access`,
        method: "POST",
        body: data,
        secure: true,
        type: "application/json",
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags alerts
     * @name OverrideAlert
     * @summary The clinician disagrees, and says why
     * @request POST:/v1/alerts/{id}/override
     * @secure
     */
    overrideAlert: (
      id: string,
      data: {
        /**
         * @minLength 1
         * @maxLength 2000
         */
        comment?: string;
        /**
         * @format uuid
         * @pattern ^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$
         */
        eventId?: string;
        reasonCode:
          | "already-known"
          | "already-treated"
          | "wrong-data"
          | "image-quality"
          | "not-applicable"
          | "benefit-outweighs-risk"
          | "disagree"
          | "other";
      },
      params: RequestParams = {},
    ) =>
      this.request<Alert, Problem>({
        path: `/v1/alerts/${id}/override`,
        method: "POST",
        body: data,
        secure: true,
        type: "application/json",
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags alerts
     * @name ProvinceTotals
     * @summary Studies, turnaround and alerts of every facility as counts, with their sums; nothing of a person
     * @request GET:/v1/facilities/totals
     * @secure
     */
    provinceTotals: (
      query?: {
        /** @pattern ^[0-9]+$ */
        days?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<ProvinceTotals, Problem>({
        path: `/v1/facilities/totals`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags emergency
     * @name ReadEmergencyAccess
     * @summary Studies and alerts of that person, as long as the access lasts; each look is an audit entry
     * @request GET:/v1/emergency-access/{facility}/{id}
     * @secure
     */
    readEmergencyAccess: (
      facility: string,
      id: string,
      params: RequestParams = {},
    ) =>
      this.request<EmergencyRecords, Problem>({
        path: `/v1/emergency-access/${facility}/${id}`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags models
     * @name ReloadModel
     * @summary Reads the folder of a model and the setting of its canary again: versions that reproduce their golden outputs take over without a dropped request, others are refused and change nothing
     * @request POST:/v1/models/{id}/reload
     * @secure
     */
    reloadModel: (id: string, params: RequestParams = {}) =>
      this.request<
        {
          model: string;
          versions: ExchangedModel[];
        },
        Problem
      >({
        path: `/v1/models/${id}/reload`,
        method: "POST",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags studies
     * @name ReopenStudy
     * @summary A clinician takes the study back into the worklist
     * @request POST:/v1/studies/{uid}/reopened
     * @secure
     */
    reopenStudy: (uid: string, params: RequestParams = {}) =>
      this.request<void, Problem>({
        path: `/v1/studies/${uid}/reopened`,
        method: "POST",
        secure: true,
        ...params,
      }),

    /**
     * No description
     *
     * @tags admin
     * @name ReplayReading
     * @summary Computes a reading (or a study’s current one) again from the stored bytes and says what differs
     * @request POST:/v1/admin/replay/{id}
     * @secure
     */
    replayReading: (id: string, params: RequestParams = {}) =>
      this.request<Replay, Problem>({
        path: `/v1/admin/replay/${id}`,
        method: "POST",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags studies
     * @name RequestReading
     * @summary Read the study again
     * @request POST:/v1/studies/{uid}/reread
     * @secure
     */
    requestReading: (uid: string, params: RequestParams = {}) =>
      this.request<void, Problem>({
        path: `/v1/studies/${uid}/reread`,
        method: "POST",
        secure: true,
        ...params,
      }),

    /**
     * No description
     *
     * @tags admin
     * @name ResendMessage
     * @summary Send a dead message again, with the same identity
     * @request POST:/v1/outbox/{id}/resend
     * @secure
     */
    resendMessage: (id: string, params: RequestParams = {}) =>
      this.request<void, Problem>({
        path: `/v1/outbox/${id}/resend`,
        method: "POST",
        secure: true,
        ...params,
      }),

    /**
     * No description
     *
     * @tags admin
     * @name ResetAccount
     * @summary A new first password
     * @request POST:/v1/accounts/{login}/reset
     * @secure
     */
    resetAccount: (login: string, params: RequestParams = {}) =>
      this.request<
        {
          password: string;
        },
        Problem
      >({
        path: `/v1/accounts/${login}/reset`,
        method: "POST",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags alerts
     * @name ResolveAlert
     * @request POST:/v1/alerts/{id}/resolve
     * @secure
     */
    resolveAlert: (
      id: string,
      data: {
        /**
         * @minLength 1
         * @maxLength 2000
         */
        comment?: string;
        /**
         * @format uuid
         * @pattern ^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$
         */
        eventId?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<Alert, Problem>({
        path: `/v1/alerts/${id}/resolve`,
        method: "POST",
        body: data,
        secure: true,
        type: "application/json",
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags admin
     * @name RevokeKey
     * @summary The key opens nothing any more
     * @request DELETE:/v1/keys/{id}
     * @secure
     */
    revokeKey: (id: string, params: RequestParams = {}) =>
      this.request<void, Problem>({
        path: `/v1/keys/${id}`,
        method: "DELETE",
        secure: true,
        ...params,
      }),

    /**
     * No description
     *
     * @tags studies
     * @name SayOpinion
     * @summary A clinician says that a finding is there, or is not; the newest word counts
     * @request PUT:/v1/studies/{uid}/opinions/{finding}
     * @secure
     */
    sayOpinion: (
      uid: string,
      finding: string,
      data: {
        present: boolean;
      },
      params: RequestParams = {},
    ) =>
      this.request<void, Problem>({
        path: `/v1/studies/${uid}/opinions/${finding}`,
        method: "PUT",
        body: data,
        secure: true,
        type: "application/json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags admin
     * @name SearchAudit
     * @summary The audit trail by person, actor, action and time, the newest first, a page at a time
     * @request GET:/v1/audit/search
     * @secure
     */
    searchAudit: (
      query?: {
        /**
         * @minLength 1
         * @maxLength 200
         */
        action?: string;
        /**
         * @minLength 1
         * @maxLength 200
         */
        actor?: string;
        /** @maxLength 200 */
        after?: string;
        /**
         * @format date-time
         * @pattern ^(?:(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|(?:02)-(?:0[1-9]|1\d|2[0-8])))T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|([+-](?:[01]\d|2[0-3]):[0-5]\d)))$
         */
        before?: string;
        /**
         * @format date-time
         * @pattern ^(?:(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|(?:02)-(?:0[1-9]|1\d|2[0-8])))T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|([+-](?:[01]\d|2[0-3]):[0-5]\d)))$
         */
        from?: string;
        /** @pattern ^[0-9]+$ */
        limit?: string;
        /**
         * @minLength 1
         * @maxLength 200
         */
        patient?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<
        {
          items: AuditRecord[];
          next: string | null;
          /**
           * @min -9007199254740991
           * @max 9007199254740991
           */
          total: number;
        },
        Problem
      >({
        path: `/v1/audit/search`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags worklist
     * @name SimulateTriage
     * @summary A simulated reading room, read in order of arrival and by urgency: how long films wait
     * @request GET:/v1/triage/simulation
     * @secure
     */
    simulateTriage: (
      query: {
        /**
         * @min 0
         * @max 100000
         */
        ageingMinutes?: number;
        /**
         * @min 0.1
         * @max 500
         */
        arrivalsPerHour: number;
        /**
         * @min 0.1
         * @max 240
         */
        minutesPerFilm: number;
        /**
         * @min 0
         * @max 1
         */
        prevalence: number;
        /**
         * @min 1
         * @max 50
         */
        readers: number;
        /**
         * @min 0
         * @max 1000000
         * @default 1
         */
        seed?: number;
        /**
         * @min 0
         * @max 1
         */
        sensitivity: number;
        /**
         * @min 0
         * @max 1
         */
        specificity: number;
      },
      params: RequestParams = {},
    ) =>
      this.request<
        {
          expected: {
            arrival: number;
            flagged: number;
            grave: number;
            others: number;
            unflagged: number;
          } | null;
          /**
           * @min -9007199254740991
           * @max 9007199254740991
           */
          films: number;
          groups: {
            arrivalP90: {
              lower: number;
              upper: number;
              value: number;
            };
            urgencyP90: {
              lower: number;
              upper: number;
              value: number;
            };
            arrival: {
              lower: number;
              upper: number;
              value: number;
            };
            difference: {
              lower: number;
              upper: number;
              value: number;
            };
            group: "grave" | "others" | "all";
            urgency: {
              lower: number;
              upper: number;
              value: number;
            };
          }[];
          /**
           * @min -9007199254740991
           * @max 9007199254740991
           */
          runs: number;
          utilisation: number;
        },
        Problem
      >({
        path: `/v1/triage/simulation`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags models
     * @name StageModel
     * @summary Brings a model to another stage; pilot and live need a passed exit and a named approver
     * @request POST:/v1/models/{id}/stage
     * @secure
     */
    stageModel: (
      id: string,
      data: {
        /**
         * @minLength 1
         * @maxLength 200
         */
        approver?: string;
        /**
         * @exclusiveMin 0
         * @exclusiveMax 0.5
         */
        margin?: number;
        /**
         * @minLength 1
         * @maxLength 500
         */
        reason?: string;
        report?: ModelTrialInput;
        to: "draft" | "silent" | "pilot" | "live" | "retired";
        /** @maxItems 200 */
        untested?: string[];
        /** @pattern ^[0-9]{1,20}$ */
        version?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<
        {
          approver: string | null;
          exit: ModelExit | null;
          id: string;
          reason: string | null;
          setBy: string;
          since: string;
          stage: "draft" | "silent" | "pilot" | "live" | "retired";
          takesEffect: "now" | "later";
          version: string;
        },
        Problem
      >({
        path: `/v1/models/${id}/stage`,
        method: "POST",
        body: data,
        secure: true,
        type: "application/json",
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags studies
     * @name TakeBackOpinion
     * @summary A clinician takes the word back
     * @request DELETE:/v1/studies/{uid}/opinions/{finding}
     * @secure
     */
    takeBackOpinion: (
      uid: string,
      finding: string,
      params: RequestParams = {},
    ) =>
      this.request<void, Problem>({
        path: `/v1/studies/${uid}/opinions/${finding}`,
        method: "DELETE",
        secure: true,
        ...params,
      }),

    /**
     * @description Answered after commit. An image is known by its SOP Instance UID. Sent again with the same pixels, in whatever wrapping, it is a duplicate; the study and what was concluded from it follow its corrected tags. Other pixels are a conflict.
     *
     * @tags studies
     * @name UploadStudies
     * @summary Send images: DICOM (multipart/form-data, multipart/related or application/dicom), PNG or JPEG
     * @request POST:/v1/studies
     * @secure
     */
    uploadStudies: (
      data: {
        file: File[];
      },
      query?: {
        /** @pattern ^[0-9]+$ */
        ageYears?: string;
        sex?: "M" | "F" | "O";
        view?: "PA" | "AP";
        whole?: "yes";
      },
      params: RequestParams = {},
    ) =>
      this.request<UploadAnswer, UploadProblem | Problem>({
        path: `/v1/studies`,
        method: "POST",
        query: query,
        body: data,
        secure: true,
        type: "multipart/form-data",
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags admin
     * @name VerifyAudit
     * @summary Walks the audit chain and says where it was edited
     * @request GET:/v1/audit/verify
     * @secure
     */
    verifyAudit: (
      query?: {
        /** @pattern ^[0-9a-f]{64}$ */
        expectedHead?: string;
      },
      params: RequestParams = {},
    ) =>
      this.request<
        {
          /**
           * @min -9007199254740991
           * @max 9007199254740991
           */
          entries: number;
          faults: {
            kind: string;
            /**
             * @min -9007199254740991
             * @max 9007199254740991
             */
            sequence: number;
            subject: string | null;
          }[];
          head: string;
          intact: boolean;
        },
        Problem
      >({
        path: `/v1/audit/verify`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags admin
     * @name VerifyFiles
     * @summary Compares every stored file with its hash
     * @request POST:/v1/admin/verify
     * @secure
     */
    verifyFiles: (params: RequestParams = {}) =>
      this.request<
        {
          /**
           * @min -9007199254740991
           * @max 9007199254740991
           */
          blobs: number;
          damaged: string[];
          missing: string[];
        },
        Problem
      >({
        path: `/v1/admin/verify`,
        method: "POST",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags worklist
     * @name WatchWorklist
     * @summary Server-sent events `changed` with the UIDs of studies that changed and how many of them have new images
     * @request GET:/v1/worklist/events
     * @secure
     */
    watchWorklist: (params: RequestParams = {}) =>
      this.request<string, Problem>({
        path: `/v1/worklist/events`,
        method: "GET",
        secure: true,
        ...params,
      }),
  };
  cdsServices = {
    /**
     * No description
     *
     * @tags cds-hooks
     * @name CallCdsService
     * @summary A hook is called: cards
     * @request POST:/cds-services/{id}
     * @secure
     */
    callCdsService: (id: string, params: RequestParams = {}) =>
      this.request<void, any>({
        path: `/cds-services/${id}`,
        method: "POST",
        secure: true,
        ...params,
      }),

    /**
     * No description
     *
     * @tags cds-hooks
     * @name GiveCdsFeedback
     * @summary What became of cards
     * @request POST:/cds-services/{id}/feedback
     * @secure
     */
    giveCdsFeedback: (id: string, params: RequestParams = {}) =>
      this.request<void, any>({
        path: `/cds-services/${id}/feedback`,
        method: "POST",
        secure: true,
        ...params,
      }),

    /**
     * No description
     *
     * @tags cds-hooks
     * @name ListCdsServices
     * @summary CDS Hooks discovery
     * @request GET:/cds-services
     * @secure
     */
    listCdsServices: (params: RequestParams = {}) =>
      this.request<void, any>({
        path: `/cds-services`,
        method: "GET",
        secure: true,
        ...params,
      }),
  };
  api = {
    /**
     * No description
     *
     * @tags hispro
     * @name CheckDrug
     * @summary HisPro asks while a drug is prescribed
     * @request POST:/api/HIS/CheckDrug
     * @secure
     */
    checkDrug: (params: RequestParams = {}) =>
      this.request<void, any>({
        path: `/api/HIS/CheckDrug`,
        method: "POST",
        secure: true,
        ...params,
      }),
  };
  dicomweb = {
    /**
     * No description
     *
     * @tags dicomweb
     * @name MetadataOfInstance
     * @summary WADO-RS: metadata as DICOM JSON
     * @request GET:/dicomweb/studies/{study}/series/{series}/instances/{instance}/metadata
     * @secure
     */
    metadataOfInstance: (
      study: string,
      series: string,
      instance: string,
      query?: {
        additionalProperties?: any;
        propertyNames?: string;
        type?: any;
      },
      params: RequestParams = {},
    ) =>
      this.request<any, Problem>({
        path: `/dicomweb/studies/${study}/series/${series}/instances/${instance}/metadata`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags dicomweb
     * @name MetadataOfSeries
     * @summary WADO-RS: metadata as DICOM JSON
     * @request GET:/dicomweb/studies/{study}/series/{series}/metadata
     * @secure
     */
    metadataOfSeries: (
      study: string,
      series: string,
      query?: {
        additionalProperties?: any;
        propertyNames?: string;
        type?: any;
      },
      params: RequestParams = {},
    ) =>
      this.request<any, Problem>({
        path: `/dicomweb/studies/${study}/series/${series}/metadata`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags dicomweb
     * @name MetadataOfStudy
     * @summary WADO-RS: metadata as DICOM JSON
     * @request GET:/dicomweb/studies/{study}/metadata
     * @secure
     */
    metadataOfStudy: (
      study: string,
      query?: {
        additionalProperties?: any;
        propertyNames?: string;
        type?: any;
      },
      params: RequestParams = {},
    ) =>
      this.request<any, Problem>({
        path: `/dicomweb/studies/${study}/metadata`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags dicomweb
     * @name RenderedFrames
     * @summary WADO-RS: a rendered frame
     * @request GET:/dicomweb/studies/{study}/series/{series}/instances/{instance}/frames/{frames}/rendered
     * @secure
     */
    renderedFrames: (
      study: string,
      series: string,
      instance: string,
      frames: string,
      query?: {
        additionalProperties?: any;
        propertyNames?: string;
        type?: any;
      },
      params: RequestParams = {},
    ) =>
      this.request<any, Problem>({
        path: `/dicomweb/studies/${study}/series/${series}/instances/${instance}/frames/${frames}/rendered`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags dicomweb
     * @name RenderedInstance
     * @summary WADO-RS: rendered
     * @request GET:/dicomweb/studies/{study}/series/{series}/instances/{instance}/rendered
     * @secure
     */
    renderedInstance: (
      study: string,
      series: string,
      instance: string,
      query?: {
        additionalProperties?: any;
        propertyNames?: string;
        type?: any;
      },
      params: RequestParams = {},
    ) =>
      this.request<any, Problem>({
        path: `/dicomweb/studies/${study}/series/${series}/instances/${instance}/rendered`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags dicomweb
     * @name RenderedSeries
     * @summary WADO-RS: rendered
     * @request GET:/dicomweb/studies/{study}/series/{series}/rendered
     * @secure
     */
    renderedSeries: (
      study: string,
      series: string,
      query?: {
        additionalProperties?: any;
        propertyNames?: string;
        type?: any;
      },
      params: RequestParams = {},
    ) =>
      this.request<any, Problem>({
        path: `/dicomweb/studies/${study}/series/${series}/rendered`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags dicomweb
     * @name RenderedStudy
     * @summary WADO-RS: rendered
     * @request GET:/dicomweb/studies/{study}/rendered
     * @secure
     */
    renderedStudy: (
      study: string,
      query?: {
        additionalProperties?: any;
        propertyNames?: string;
        type?: any;
      },
      params: RequestParams = {},
    ) =>
      this.request<any, Problem>({
        path: `/dicomweb/studies/${study}/rendered`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags dicomweb
     * @name RetrieveBulkData
     * @summary WADO-RS: one binary value
     * @request GET:/dicomweb/studies/{study}/series/{series}/instances/{instance}/bulkdata/{tag}
     * @secure
     */
    retrieveBulkData: (
      study: string,
      series: string,
      instance: string,
      tag: string,
      query?: {
        additionalProperties?: any;
        propertyNames?: string;
        type?: any;
      },
      params: RequestParams = {},
    ) =>
      this.request<any, Problem>({
        path: `/dicomweb/studies/${study}/series/${series}/instances/${instance}/bulkdata/${tag}`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags dicomweb
     * @name RetrieveFrames
     * @summary WADO-RS: frames
     * @request GET:/dicomweb/studies/{study}/series/{series}/instances/{instance}/frames/{frames}
     * @secure
     */
    retrieveFrames: (
      study: string,
      series: string,
      instance: string,
      frames: string,
      query?: {
        additionalProperties?: any;
        propertyNames?: string;
        type?: any;
      },
      params: RequestParams = {},
    ) =>
      this.request<any, Problem>({
        path: `/dicomweb/studies/${study}/series/${series}/instances/${instance}/frames/${frames}`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags dicomweb
     * @name RetrieveInstance
     * @summary WADO-RS: DICOM files
     * @request GET:/dicomweb/studies/{study}/series/{series}/instances/{instance}
     * @secure
     */
    retrieveInstance: (
      study: string,
      series: string,
      instance: string,
      query?: {
        additionalProperties?: any;
        propertyNames?: string;
        type?: any;
      },
      params: RequestParams = {},
    ) =>
      this.request<any, Problem>({
        path: `/dicomweb/studies/${study}/series/${series}/instances/${instance}`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags dicomweb
     * @name RetrieveSeries
     * @summary WADO-RS: DICOM files
     * @request GET:/dicomweb/studies/{study}/series/{series}
     * @secure
     */
    retrieveSeries: (
      study: string,
      series: string,
      query?: {
        additionalProperties?: any;
        propertyNames?: string;
        type?: any;
      },
      params: RequestParams = {},
    ) =>
      this.request<any, Problem>({
        path: `/dicomweb/studies/${study}/series/${series}`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags dicomweb
     * @name RetrieveStudy
     * @summary WADO-RS: DICOM files
     * @request GET:/dicomweb/studies/{study}
     * @secure
     */
    retrieveStudy: (
      study: string,
      query?: {
        additionalProperties?: any;
        propertyNames?: string;
        type?: any;
      },
      params: RequestParams = {},
    ) =>
      this.request<any, Problem>({
        path: `/dicomweb/studies/${study}`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags dicomweb
     * @name SearchInstances
     * @summary QIDO-RS: instances
     * @request GET:/dicomweb/studies/{study}/series/{series}/instances
     * @secure
     */
    searchInstances: (
      study: string,
      series: string,
      query?: {
        additionalProperties?: any;
        propertyNames?: string;
        type?: any;
      },
      params: RequestParams = {},
    ) =>
      this.request<Partial<Record<string, any>>[], Problem>({
        path: `/dicomweb/studies/${study}/series/${series}/instances`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags dicomweb
     * @name SearchInstancesOfStudy
     * @summary QIDO-RS: instances
     * @request GET:/dicomweb/studies/{study}/instances
     * @secure
     */
    searchInstancesOfStudy: (
      study: string,
      series: string,
      query?: {
        additionalProperties?: any;
        propertyNames?: string;
        type?: any;
      },
      params: RequestParams = {},
    ) =>
      this.request<Partial<Record<string, any>>[], Problem>({
        path: `/dicomweb/studies/${study}/instances`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags dicomweb
     * @name SearchSeries
     * @summary QIDO-RS: series of a study
     * @request GET:/dicomweb/studies/{study}/series
     * @secure
     */
    searchSeries: (
      study: string,
      query?: {
        additionalProperties?: any;
        propertyNames?: string;
        type?: any;
      },
      params: RequestParams = {},
    ) =>
      this.request<Partial<Record<string, any>>[], Problem>({
        path: `/dicomweb/studies/${study}/series`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags dicomweb
     * @name SearchStudies
     * @summary QIDO-RS: studies
     * @request GET:/dicomweb/studies
     * @secure
     */
    searchStudies: (
      query?: {
        additionalProperties?: any;
        propertyNames?: string;
        type?: any;
      },
      params: RequestParams = {},
    ) =>
      this.request<Partial<Record<string, any>>[], Problem>({
        path: `/dicomweb/studies`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags dicomweb
     * @name StoreInstances
     * @summary STOW-RS: DICOM files as multipart/related
     * @request POST:/dicomweb/studies
     * @secure
     */
    storeInstances: (study: string, data: File, params: RequestParams = {}) =>
      this.request<
        Partial<Record<string, any>>,
        Partial<Record<string, any>> | Problem
      >({
        path: `/dicomweb/studies`,
        method: "POST",
        body: data,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags dicomweb
     * @name StoreInstancesOfStudy
     * @summary STOW-RS: DICOM files as multipart/related
     * @request POST:/dicomweb/studies/{study}
     * @secure
     */
    storeInstancesOfStudy: (study: string, params: RequestParams = {}) =>
      this.request<
        Partial<Record<string, any>>,
        Partial<Record<string, any>> | Problem
      >({
        path: `/dicomweb/studies/${study}`,
        method: "POST",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags dicomweb
     * @name ThumbnailInstance
     * @summary WADO-RS: thumbnail
     * @request GET:/dicomweb/studies/{study}/series/{series}/instances/{instance}/thumbnail
     * @secure
     */
    thumbnailInstance: (
      study: string,
      series: string,
      instance: string,
      query?: {
        additionalProperties?: any;
        propertyNames?: string;
        type?: any;
      },
      params: RequestParams = {},
    ) =>
      this.request<any, Problem>({
        path: `/dicomweb/studies/${study}/series/${series}/instances/${instance}/thumbnail`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags dicomweb
     * @name ThumbnailSeries
     * @summary WADO-RS: thumbnail
     * @request GET:/dicomweb/studies/{study}/series/{series}/thumbnail
     * @secure
     */
    thumbnailSeries: (
      study: string,
      series: string,
      query?: {
        additionalProperties?: any;
        propertyNames?: string;
        type?: any;
      },
      params: RequestParams = {},
    ) =>
      this.request<any, Problem>({
        path: `/dicomweb/studies/${study}/series/${series}/thumbnail`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags dicomweb
     * @name ThumbnailStudy
     * @summary WADO-RS: thumbnail
     * @request GET:/dicomweb/studies/{study}/thumbnail
     * @secure
     */
    thumbnailStudy: (
      study: string,
      query?: {
        additionalProperties?: any;
        propertyNames?: string;
        type?: any;
      },
      params: RequestParams = {},
    ) =>
      this.request<any, Problem>({
        path: `/dicomweb/studies/${study}/thumbnail`,
        method: "GET",
        query: query,
        secure: true,
        format: "json",
        ...params,
      }),
  };
  v2 = {
    /**
     * No description
     *
     * @tags open-inference
     * @name OipIndex
     * @summary Models of the repository
     * @request POST:/v2/repository/index
     * @secure
     */
    oipIndex: (params: RequestParams = {}) =>
      this.request<
        {
          name: string;
          reason: string;
          state: "READY" | "LOADING" | "UNAVAILABLE";
          version: string;
        }[],
        OipError
      >({
        path: `/v2/repository/index`,
        method: "POST",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags open-inference
     * @name OipInfer
     * @summary Run a model
     * @request POST:/v2/models/{model}/infer
     * @secure
     */
    oipInfer: (
      model: string,
      data: {
        id?: string;
        inputs: {
          data?: any[];
          datatype: "FP32";
          name: string;
          parameters?: {
            /** @min 0 */
            binary_data_size?: number;
          };
          shape: number[];
        }[];
        outputs?: {
          name: string;
        }[];
        parameters?: {
          binary_data_output?: boolean;
          /** @min 0 */
          priority?: number;
          /**
           * microseconds
           * @min 1
           */
          timeout?: number;
        };
      },
      params: RequestParams = {},
    ) =>
      this.request<any, OipError>({
        path: `/v2/models/${model}/infer`,
        method: "POST",
        body: data,
        secure: true,
        type: "application/json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags open-inference
     * @name OipInferVersion
     * @summary Run a model
     * @request POST:/v2/models/{model}/versions/{version}/infer
     * @secure
     */
    oipInferVersion: (
      model: string,
      version: string,
      data: {
        id?: string;
        inputs: {
          data?: any[];
          datatype: "FP32";
          name: string;
          parameters?: {
            /** @min 0 */
            binary_data_size?: number;
          };
          shape: number[];
        }[];
        outputs?: {
          name: string;
        }[];
        parameters?: {
          binary_data_output?: boolean;
          /** @min 0 */
          priority?: number;
          /**
           * microseconds
           * @min 1
           */
          timeout?: number;
        };
      },
      params: RequestParams = {},
    ) =>
      this.request<any, OipError>({
        path: `/v2/models/${model}/versions/${version}/infer`,
        method: "POST",
        body: data,
        secure: true,
        type: "application/json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags open-inference
     * @name OipLive
     * @summary Is the server alive
     * @request GET:/v2/health/live
     * @secure
     */
    oipLive: (params: RequestParams = {}) =>
      this.request<
        {
          live: boolean;
        },
        OipError
      >({
        path: `/v2/health/live`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags open-inference
     * @name OipModel
     * @summary Model metadata
     * @request GET:/v2/models/{model}
     * @secure
     */
    oipModel: (model: string, params: RequestParams = {}) =>
      this.request<OipModel, OipError>({
        path: `/v2/models/${model}`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags open-inference
     * @name OipModelReady
     * @summary Is a model ready
     * @request GET:/v2/models/{model}/ready
     * @secure
     */
    oipModelReady: (model: string, params: RequestParams = {}) =>
      this.request<
        {
          name: string;
          ready: boolean;
        },
        | {
            name: string;
            ready: boolean;
          }
        | OipError
      >({
        path: `/v2/models/${model}/ready`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags open-inference
     * @name OipModelReadyVersion
     * @summary Is a model ready
     * @request GET:/v2/models/{model}/versions/{version}/ready
     * @secure
     */
    oipModelReadyVersion: (
      model: string,
      version: string,
      params: RequestParams = {},
    ) =>
      this.request<
        {
          name: string;
          ready: boolean;
        },
        | {
            name: string;
            ready: boolean;
          }
        | OipError
      >({
        path: `/v2/models/${model}/versions/${version}/ready`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags open-inference
     * @name OipModelVersion
     * @summary Model metadata
     * @request GET:/v2/models/{model}/versions/{version}
     * @secure
     */
    oipModelVersion: (
      model: string,
      version: string,
      params: RequestParams = {},
    ) =>
      this.request<OipModel, OipError>({
        path: `/v2/models/${model}/versions/${version}`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags open-inference
     * @name OipReady
     * @summary Are all models ready
     * @request GET:/v2/health/ready
     * @secure
     */
    oipReady: (params: RequestParams = {}) =>
      this.request<
        {
          ready: boolean;
        },
        {
          ready: boolean;
        }
      >({
        path: `/v2/health/ready`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),

    /**
     * No description
     *
     * @tags open-inference
     * @name OipServer
     * @summary Server metadata
     * @request GET:/v2
     * @secure
     */
    oipServer: (params: RequestParams = {}) =>
      this.request<
        {
          extensions: string[];
          name: string;
          version: string;
        },
        OipError
      >({
        path: `/v2`,
        method: "GET",
        secure: true,
        format: "json",
        ...params,
      }),
  };
}
