/** Places at which a process may be made to die, so that a test can try every one of them. */

/** All places, in the order in which a leaf passes them. */
export const CRASH_POINTS = [
  'append:gathered',
  'append:written',
  'append:sequenced',
  'integrate:tiles-made',
  'integrate:bundles-kept',
  'integrate:tiles-kept',
  'integrate:advanced',
  'publish:signed',
  'publish:locked',
  'publish:recorded',
  'publish:served',
] as const

/** Is called with the name of each place that is passed; does nothing outside of tests. */
export type CrashPoint = (name: (typeof CRASH_POINTS)[number]) => void

/** Passes by. */
export const noCrash: CrashPoint = () => undefined
