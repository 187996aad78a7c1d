/** What the checker throws within itself. */

/** Why a proof does not hold. */
export class Refusal extends Error {}
