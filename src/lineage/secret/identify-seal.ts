/**
 * Whose sealed release does a suspect descend from?
 *
 * Each unit of the suspect is given its nearest unit of the original, without a look at any recipient's order. If the
 * suspect stands in the order of a release, place j finds unit order[j]; if it does not, an order drawn under the key
 * agrees with any given list of neighbours once in a layer, as chance has it. The randomness is ours and not that of
 * the suspect's training, so the bound needs no assumption about how the suspect came to be: Fisher's randomisation test.
 *
 * Over the layers the counts add up to F, with P(F ≥ k) ≤ Λ^k/k!, Λ the sum of units looked at over units there are.
 * Each recipient pays for all that were tried (Bonferroni).
 * Source: R. A. Fisher, The Design of Experiments (1935); `docs/method/seal.md`.
 */
import type { OpenedArtefact } from '../../artefact/index.ts'
import { Fault, logFactorial } from '../../base/index.ts'
import type { ArtefactFacts } from '../../formats/index.ts'
import { KIN_LOG10 } from '../weights/family-wise.ts'
import { openWeights } from '../weights/weights.ts'
import { unitMatches, type UnitMatch } from './seal-matches.ts'
import type { SecretKey } from './prf.ts'
import { sealOrder } from './seal-plan.ts'
import type { SecretKit } from './secret-kit.ts'

/** How one recipient's order agrees. */
export interface RecipientResult {
  readonly recipient: string
  /** Units that stand where the recipient's order puts them. */
  readonly fixed: number
  /** Upper bound of log10 P for this recipient alone, and times the number of recipients. */
  readonly log10p: number
  readonly familyWise: number
  readonly named: boolean
}

/** See the module. */
export interface SealIdentification {
  readonly schema: 'tidewaiter/seal-identification/v1'
  readonly verdict: 'named' | 'none' | 'insufficient'
  /** Recipients whose order the suspect stands in, strongest first. */
  readonly named: readonly string[]
  /** Named recipients, and of the others the ten that agree most. */
  readonly results: readonly RecipientResult[]
  readonly recipients: number
  /** Layers, and units looked at in them; the expected number of agreements by chance is Λ. */
  readonly layers: number
  readonly sampled: number
  readonly chance: number
  /** Units that stand at their original number, as in a copy that was never sealed. */
  readonly unsealed: number
  readonly reasons: readonly string[]
}

/** Λ^k/k! in log10, at most 0. */
function log10Bound(chance: number, fixed: number): number {
  return Math.min(0, (fixed * Math.log(chance) - logFactorial(fixed)) / Math.LN10)
}

/** Sum of sampled over width: what chance gives. */
function chanceOf(matches: readonly UnitMatch[]): number {
  return matches.reduce((sum, { places, width }) => sum + places.length / width, 0)
}

function agreement({ places, originals }: UnitMatch, order: Uint32Array): number {
  let count = 0
  for (let i = 0; i < places.length; i++) if (order[places[i] ?? -1] === originals[i]) count += 1
  return count
}

/** Recipients to try, under which key. */
export interface SealTrial {
  readonly key: SecretKey
  readonly recipients: readonly string[]
}

/** Tests every recipient on matches that were made without a look at any order. */
export function testRecipients(matches: readonly UnitMatch[], { key, recipients }: SealTrial): RecipientResult[] {
  const chance = chanceOf(matches)
  return recipients
    .map((recipient) => {
      const fixed = matches.reduce((sum, each) => sum + agreement(each, sealOrder(key, recipient, each)), 0)
      const log10p = log10Bound(chance, fixed)
      const familyWise = Math.min(0, log10p + Math.log10(recipients.length))
      return { recipient, fixed, log10p, familyWise, named: familyWise <= KIN_LOG10 }
    })
    .toSorted((a, b) => b.fixed - a.fixed)
}

function unsealedCount(matches: readonly UnitMatch[]): number {
  return matches.reduce(
    (sum, { places, originals }) => sum + places.reduce((n, place, i) => n + Number(place === originals[i]), 0),
    0,
  )
}

const SHOWN = 10

function reasonsOf(
  named: readonly RecipientResult[],
  at: { sampled: number; unsealed: number; chance: number },
): string[] {
  const { sampled, unsealed, chance } = at
  if (named.length > 0)
    return named.map(
      ({ recipient, fixed, familyWise }) =>
        `${fixed} of ${sampled} units stand in the order of ${JSON.stringify(recipient)}, p ≤ 1e${Math.ceil(familyWise)} for all recipients together: what agrees came through that release.`,
    )
  const none = 'The suspect stands in the order of no recipient on the list.'
  return log10Bound(chance, unsealed) <= KIN_LOG10
    ? [
        none,
        `${unsealed} of ${sampled} units stand in the original’s own order: a copy from before sealing, or one whose seal was undone with the original at hand.`,
      ]
    : [
        none,
        'That is no proof that it does not descend from a release: units may have been renumbered, or the residual stream rotated.',
      ]
}

function summarise(matches: readonly UnitMatch[], trial: SealTrial): SealIdentification {
  const results = testRecipients(matches, trial)
  const named = results.filter((each) => each.named)
  const sampled = matches.reduce((sum, { places }) => sum + places.length, 0)
  const chance = chanceOf(matches)
  const unsealed = unsealedCount(matches)
  const base = { schema: 'tidewaiter/seal-identification/v1', recipients: trial.recipients.length } as const
  const counts = { layers: matches.length, sampled, chance, unsealed }
  if (matches.length === 0) {
    const reasons = ['No layer of the suspect has the shape of a layer of the original.']
    return { ...base, ...counts, verdict: 'insufficient', named: [], results: [], reasons }
  }
  return {
    ...base,
    ...counts,
    verdict: named.length > 0 ? 'named' : 'none',
    named: named.map(({ recipient }) => recipient),
    results: [...named, ...results.filter((each) => !each.named).slice(0, SHOWN)],
    reasons: reasonsOf(named, { sampled, unsealed, chance }),
  }
}

/** An opened model. */
export interface SealSide {
  readonly opened: OpenedArtefact
  readonly facts: ArtefactFacts
}

/** The original, or the kit that was made of it with its seed. */
export type SealOriginal = SealSide | { readonly kit: SecretKit; readonly seed: SecretKey }

/** Names the recipients whose order a suspect stands in; see the module. @throws Fault `no-recipients` */
export function identifySeal(suspect: SealSide, original: SealOriginal, trial: SealTrial): SealIdentification {
  const recipients = [...new Set(trial.recipients)]
  if (recipients.length === 0) throw new Fault('no-recipients', 'the list of recipients is empty')
  const weights = openWeights(suspect.opened, suspect.facts)
  const reference = 'kit' in original ? null : openWeights(original.opened, original.facts)
  try {
    const matches = unitMatches(weights, reference ?? (original as Exclude<SealOriginal, SealSide>))
    return summarise(matches, { key: trial.key, recipients })
  } finally {
    weights.close()
    reference?.close()
  }
}
