/** Places at which a process may be made to die, so that a test can try every one of them. */

/** Is called with the name of each place that is passed; does nothing outside of tests. */
export type CrashPoint = (name: string) => void

/** Passes by. */
export const noCrash: CrashPoint = () => undefined
