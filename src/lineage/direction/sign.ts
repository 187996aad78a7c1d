/**
 * Signs of direction: what says which of two kin is the child, and how often such a sign was right.
 *
 * A sign carries log-odds: ln(r/(1−r)) nats for a reliability r, which is counted on pairs of known descent and stands
 * in `reliability.json`; calibration rewrites that file. Some signs show that the numbers of one model were made from
 * those of the other. All others only say which of the two is further from what they share, and leave room for two
 * children of a third model: then the claim is "if one descends from the other".
 *
 * Source: counts by Krichevsky-Trofimov's estimate (right + ½)/(right + wrong + 1); see `docs/method/direction.md`.
 */
import reliability from './reliability.json' with { type: 'json' }

/** All signs, the strongest first. */
export const SIGN_NAMES = [
  're-derivation', // stored again bit by bit on the drawn rows
  'lattice', // every value is a rounding of the other's
  'zero mask', // zeros, all else unchanged
  'exact decay', // rows of unused tokens are the other's times one factor, rounded
  'leaf', // quantised: no parent of a model that is not
  'unused-token decay', // rows of unused tokens are shorter by one factor
  'structure', // layers, units, dimensions, experts or rows are a subset or copies
] as const
/** See {@link SIGN_NAMES}. */
export type SignName = (typeof SIGN_NAMES)[number]

/** One sign; see the module. */
export interface Sign {
  readonly name: SignName
  /** The model that it names as the child. */
  readonly child: 'a' | 'b'
  /** Share of cases in which it was right, ½ to 1. */
  readonly reliability: number
  /** ln(r/(1−r)). */
  readonly nats: number
  /** True when two children of a third model could not look so. */
  readonly excludesSiblings: boolean
  /** Numbers in words. */
  readonly evidence: string
}

const DIRECT: ReadonlySet<SignName> = new Set(['re-derivation', 'lattice', 'zero mask'])

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4
}

/** How often a sign was right, ½ for one that was never counted. */
export function reliabilityOf(name: SignName): number {
  const { right, wrong } = reliability.signs[name]
  return Math.max(0.5, (right + 0.5) / (right + wrong + 1))
}

/** Makes a sign with its reliability. */
export function makeSign(name: SignName, child: 'a' | 'b', evidence: string): Sign {
  const r = reliabilityOf(name)
  return {
    name,
    child,
    reliability: round(r),
    nats: round(Math.log(r / (1 - r))),
    excludesSiblings: DIRECT.has(name),
    evidence,
  }
}
