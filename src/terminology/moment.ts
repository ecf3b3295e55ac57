// The one reading of a time as a moment: a day alone is its midnight in Viet Nam, where all times without an offset are from.

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Milliseconds since 1970 of ISO 8601; NaN for what is no time. */
export const momentOf = (time: string): number => Date.parse(DAY.test(time) ? `${time}T00:00:00+07:00` : time);
