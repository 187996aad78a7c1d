/**
 * Which results are a pass and which decisions let a model in.
 *
 * One list for all that ask: the rules of predicates and dockets, the status of certificates, the monitor, the verifier.
 */

/** Results of a test that was passed. */
export const PASSES: ReadonlySet<string | undefined> = new Set(['pass', 'pass-with-advisories'])

/** Decisions by which a model is let in. */
export const LETS_IN: ReadonlySet<string | undefined> = new Set(['cleared', 'cleared-with-advisories', 'released'])
