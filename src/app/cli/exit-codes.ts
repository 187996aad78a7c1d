/** Exit codes of the commands. `verify` has its own, which stand with the certificate. */

/** See the module; `clear` exits with the code of its decision. */
export const EXIT = { done: 0, fault: 1, usage: 2, held: 20, refused: 30, interrupted: 130 } as const
