// Time and chance enter the program here and are passed in, so that a test can hold them still.

export interface Clock {
  now(): Date;
}

export const systemClock: Clock = Object.freeze({ now: () => new Date() });
