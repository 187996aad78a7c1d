/** The checker of proofs, apart from the engine that makes them. */
export { checkProof, type CheckContext, type CheckResult } from './check.ts'
