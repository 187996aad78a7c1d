/**
 * Which recipe, if any: the simplest that explains the suspect down to rounding.
 *
 * One parent alone, layers passed through, one set of weights, weights that vary, choices element by element, in this
 * order. What no recipe explains is not called a merge, however well some weights may fit: the common ancestor of k
 * models lies near their mean, too.
 */
import type { AttributionOutcome, RecipeFinding } from './attribution.ts'
import { findClassRecipe } from './class-recipe.ts'
import { classFinding, linearFinding } from './findings.ts'
import { fitAffine, fitConvex, squareDistance, type Fit, type Moments } from './fit.ts'
import { findLinear, type LinearRecipe } from './linear-recipe.ts'
import { pool } from './pool.ts'
import { isFaint } from './rounding-level.ts'
import { findPassthrough, findVarying } from './stream-recipe.ts'
import { broadStreams, findOnlyParents, type Survey } from './survey.ts'
import { areParentsRelated, passthroughFinding, perLayerFinding, slerpFinding } from './varying-finding.ts'

/** What was concluded, with reasons. */
export interface Conclusion {
  readonly outcome: AttributionOutcome
  readonly finding: RecipeFinding | null
  readonly reasons: readonly string[]
}

/** A residual below this share of the parents' own distance may be a merge that was trained on. */
const TRAINED_ON = 0.1
/** Both parents of a merge that was trained on must have at least this weight. */
const LEAST_SHARE = 0.1

function concludePassthrough(found: Survey): Conclusion | null {
  const fits = findPassthrough(found.streams, found.members)
  if (fits === null) return null
  const finding = passthroughFinding(found, fits)
  if (!areParentsRelated(found, fits)) return { outcome: 'merge', finding, reasons: [] }
  const reason =
    'Every tensor is that of one of several related candidates. Layers may have been passed through from them, or this model is their ancestor and each was trained only in part; weights do not tell which.'
  return { outcome: 'not-identified', finding, reasons: [reason] }
}

function isAnyFaint(moments: Moments, { parents }: Fit): boolean {
  return parents.some((i) => parents.some((j) => i < j && isFaint(moments, i, j)))
}

function concludeLinear(found: Survey, moments: Moments, linear: LinearRecipe): Conclusion {
  const circle =
    linear.affine || linear.members.length !== 2 ? null : concludeVarying({ ...found, broad: linear.members })
  if (circle !== null) return circle
  const finding = linearFinding(found, linear, moments)
  if (!isAnyFaint(moments, linear.fit)) return { outcome: 'merge', finding, reasons: [] }
  const reason = 'Candidates differ by about the rounding of their numbers; what they contributed cannot be told.'
  return { outcome: 'not-identified', finding: null, reasons: [reason] }
}

function onlyParent({ refs, twins }: Survey, members: readonly number[]): Conclusion {
  const all = members.flatMap((member) => [member, ...(twins.get(member) ?? [])])
  const names = all.map((each) => refs[each] ?? '').join(' or ')
  return {
    outcome: 'one-parent',
    finding: null,
    reasons: [`${names} alone explains all weights down to rounding; no other candidate is needed.`],
  }
}

function concludeVarying(found: Survey): Conclusion | null {
  const streams = broadStreams(found)
  const varying = findVarying(streams, found.broad)
  if (varying === null) return null
  const finding = varying.affine ? perLayerFinding(found, varying.fits) : slerpFinding(found, varying.fits)
  return finding === null ? null : { outcome: 'merge', finding, reasons: [] }
}

/** A mixture of parents with a small rest, which only later training would explain. */
function concludeTrained(found: Survey): Conclusion | null {
  const moments = pool(broadStreams(found), found.broad, 'distance')
  const vectors = found.broad.map((_, i) => i + 1)
  const best = fitConvex(moments, vectors)
  const heavy = best?.parents.filter((_, i) => (best.weights[i] ?? 0) >= LEAST_SHARE) ?? []
  const fit = heavy.length < 2 ? null : fitAffine(moments, heavy)
  if (fit === null || fit.weights.some((weight) => weight < LEAST_SHARE)) return null
  const apart = fit.parents.flatMap((i) => fit.parents.flatMap((j) => (i < j ? [squareDistance(moments, i, j)] : [])))
  if (fit.residual > TRAINED_ON ** 2 * Math.min(...apart)) return null
  const parts = fit.parents.map((vector, i) => {
    const ref = found.refs[found.broad[vector - 1] ?? 0] ?? ''
    return `${(fit.weights[i] ?? 0).toFixed(2)} ${ref}`
  })
  const reason = `The weights lie near ${parts.join(' + ')}, but not within rounding of it: a merge that was trained on would look so, and so would a checkpoint on the way between them. The recipe is not identified, the weights are inconclusive.`
  return { outcome: 'not-identified', finding: null, reasons: [reason] }
}

const NOTHING: Conclusion = {
  outcome: 'none',
  finding: null,
  reasons: ['No merge of the candidates explains the weights down to rounding.'],
}

/** Concludes; see the module. */
export function conclude(found: Survey): Conclusion {
  if (found.members.length === 0) return { outcome: 'none', finding: null, reasons: [] }
  const only = findOnlyParents(found)
  if (only.length > 0) return onlyParent(found, only)
  if (found.members.length < 2) return { outcome: 'none', finding: null, reasons: [] }
  const passed = concludePassthrough(found)
  if (passed !== null) return passed
  if (found.broad.length < 2) return NOTHING
  const streams = broadStreams(found)
  const moments = pool(streams, found.broad, 'fit')
  const linear = findLinear(moments, found.broad)
  if (linear !== null) return concludeLinear(found, moments, linear)
  const varying = concludeVarying(found)
  if (varying !== null) return varying
  const classes = findClassRecipe(streams, found.broad)
  if (classes !== null) return { outcome: 'merge', finding: classFinding(found, classes), reasons: [] }
  return concludeTrained(found) ?? NOTHING
}
