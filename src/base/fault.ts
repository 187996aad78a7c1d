/**
 * `Fault`: the one error that Tidewaiter throws.
 *
 * A fault says that *we* could not go on: unreadable input, an exhausted budget, a broken invariant.
 * An expected outcome (a failing model, a refusal, an inconclusive verdict) is a value and never thrown.
 * The code is stable and machine-readable; the message names the offending value and the limit, so that
 * whoever reads it knows what to do next.
 *
 * Guarantee: `isFault` recognises faults made by another copy of this module (two versions in one
 * process), because the brand is a registered symbol.
 */

const BRAND = Symbol.for('tidewaiter.fault')

/** What a fault may carry beside its message: JSON-safe, never bytes of an artefact. */
export type FaultDetails = Readonly<Record<string, string | number | boolean | null>>

/** Options of a {@link Fault}. */
export interface FaultOptions {
  readonly cause?: unknown
  readonly details?: FaultDetails
}

/**
 * An error of ours, with a stable kebab-case `code`.
 *
 * @example
 * new Fault('layer-too-narrow', '8 units; at least 64 are needed').code // 'layer-too-narrow'
 */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: string
  readonly details: FaultDetails
  readonly [BRAND] = true

  constructor(code: string, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.details = options.details ?? {}
  }
}

/** True for a {@link Fault} of this or any other copy of the module; with `code`, only for that code. */
export function isFault(value: unknown, code?: string): value is Fault {
  if (typeof value !== 'object' || value === null || !(BRAND in value)) return false
  return code === undefined || (value as Fault).code === code
}

/** Turns anything thrown into a fault: faults pass through, the rest becomes `internal` with its cause. */
export function toFault(thrown: unknown, code = 'internal'): Fault {
  if (isFault(thrown)) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new Fault(code, message, { cause: thrown })
}
