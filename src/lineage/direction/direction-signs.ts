/** All signs of direction that two models show: those that changes carry, and those that are looked for. */
import type { Change } from '../weights/change.ts'
import type { PartPair } from '../weights/part-pairs.ts'
import type { Weights } from '../weights/weights.ts'
import { requantisedSigns } from './requantised.ts'
import { makeSign, SIGN_NAMES, type Sign, type SignName } from './sign.ts'
import { unusedTokenSigns } from './unused-tokens.ts'

/** Signs of changes that name a child; a change that names no sign counts as one of structure. */
export function signsOfChanges(changes: readonly Change[]): Sign[] {
  return changes.flatMap(({ text, child, sign }) =>
    child === null ? [] : [makeSign(sign ?? 'structure', child, text)],
  )
}

/** What is left of a sign when parts of a model stand outside of what was compared: they may be from elsewhere. */
const IN_PART: Partial<Readonly<Record<SignName, SignName>>> = {
  're-derivation': 'leaf',
  lattice: 'leaf',
  'zero mask': 'structure',
}

/** Where signs are looked for. */
export interface SignPlaces {
  readonly pairs: readonly PartPair[]
  readonly changes: readonly Change[]
  /** Parts without a counterpart hold a noticeable share of the weights. */
  readonly isPartial: boolean
  readonly seed: string
}

/** See the module; the strongest first. */
export function directionSigns(a: Weights, b: Weights, at: SignPlaces): Sign[] {
  const found = [...requantisedSigns(a, b, at), ...unusedTokenSigns(a, b, at), ...signsOfChanges(at.changes)]
  const signs = found.map((sign) => {
    const weaker = at.isPartial ? IN_PART[sign.name] : undefined
    return weaker === undefined ? sign : makeSign(weaker, sign.child, sign.evidence)
  })
  return signs.toSorted((x, y) => SIGN_NAMES.indexOf(x.name) - SIGN_NAMES.indexOf(y.name))
}
