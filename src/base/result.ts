/**
 * `Result`: an expected outcome as a value.
 *
 * Where failing is part of the work (a signature that does not hold, a policy that refuses) a function
 * returns a result; it throws a `Fault` only when it could not do its work at all.
 */

/** Either the value, or why there is none. */
export type Result<Value, Reason = string> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: Reason }

/** Wraps a value. */
export function ok<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value }
}

/** Wraps a reason. */
export function fail<Reason>(reason: Reason): { readonly ok: false; readonly reason: Reason } {
  return { ok: false, reason }
}
