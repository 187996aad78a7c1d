/** Why a proof does not hold; thrown within the checker and answered by it. */
export class Refusal extends Error {}
