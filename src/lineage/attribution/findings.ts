/**
 * From what a recipe's fit found to a finding with names.
 */
import type { ParentWeight, RecipeEvidence, RecipeFinding } from './attribution.ts'
import type { ClassRecipe } from './class-recipe.ts'
import { collinearGroups, findHub } from './collinear.ts'
import { countExplained, sumCounts, type ExplainedCounts } from './evidence-share.ts'
import type { Moments } from './fit.ts'
import type { LinearRecipe } from './linear-recipe.ts'
import { holdsAll } from './pool.ts'
import type { StreamFit } from './stream-recipe.ts'
import type { Survey } from './survey.ts'

/** Weights and shares are given to this many decimals, which no difference between machines reaches. */
const DECIMALS = 6

/** Rounds what is printed. */
export function rounded(value: number): number {
  return Number(value.toFixed(DECIMALS))
}

/** A parent by its number. */
export function nameParent(
  { refs, twins }: Survey,
  member: number,
  found: { readonly weight: number | null; readonly error: number | null; readonly with?: readonly number[] },
): ParentWeight {
  const others = [...(twins.get(member) ?? []), ...(found.with ?? [])]
  return {
    ref: refs[member] ?? '',
    weight: found.weight === null ? null : rounded(found.weight),
    error: found.error === null ? null : rounded(found.error),
    sameAs: others.map((other) => refs[other] ?? ''),
  }
}

function toEvidence({ elements, explained, byChance }: ExplainedCounts, residual: number | null): RecipeEvidence {
  const share = (count: number): number => rounded(count / Math.max(1, elements))
  return {
    elements,
    explained: share(explained),
    byChance: share(byChance),
    residual: residual === null ? null : rounded(residual),
  }
}

/** Linear merge or task arithmetic. */
export function linearFinding(found: Survey, { members, fit, affine }: LinearRecipe, moments: Moments): RecipeFinding {
  const isMean = fit.weights.every((weight) => weight > 0)
  const hub = affine && !isMean ? findHub(moments, fit.parents) : null
  const memberOf = (vector: number): number => members[fit.parents.indexOf(vector)] ?? 0
  const groups = collinearGroups(
    moments,
    fit.parents.filter((vector) => vector !== hub),
  )
  const parents = groups.map((group) => {
    const places = group.map((vector) => fit.parents.indexOf(vector))
    const weight = places.reduce((sum, i) => sum + (fit.weights[i] ?? 0), 0)
    const error = Math.hypot(...places.map((i) => fit.errors[i] ?? 0))
    const [first = 0, ...others] = group.map(memberOf)
    return nameParent(found, first, { weight, error: group.length > 1 ? null : error, with: others })
  })
  const streams = found.streams.filter((stream) => holdsAll(stream, members))
  const counts = sumCounts(streams.map((stream) => countExplained(stream, { members, weights: fit.weights })))
  return {
    recipe: isMean ? 'linear' : 'task-arithmetic',
    base: hub === null ? null : (found.refs[memberOf(hub)] ?? null),
    parents,
    parameters: affine
      ? []
      : [{ name: 'sum of weights', value: rounded(fit.weights.reduce((sum, each) => sum + each, 0)), error: null }],
    layers: [],
    evidence: toEvidence(counts, fit.ratio),
  }
}

/** Weighted counts and mean residual of fits of single streams. */
export function streamEvidence(fits: readonly StreamFit[]): RecipeEvidence {
  const counts = sumCounts(
    fits.map(({ stream, members, fit }) => countExplained(stream, { members, weights: fit.weights })),
  )
  const elements = fits.reduce((sum, { stream }) => sum + stream.elements, 0)
  const ratio = fits.reduce((sum, { stream, fit }) => sum + stream.elements * fit.ratio, 0) / Math.max(1, elements)
  return toEvidence(counts, ratio)
}

/** TIES or DARE. */
export function classFinding(found: Survey, { recipe, base, parents, counts, elected }: ClassRecipe): RecipeFinding {
  const named = parents.map(({ member, coefficient, kept, keptError, meanWeight }) => {
    const isDare = recipe === 'dare'
    const weight = meanWeight ?? (isDare ? coefficient * kept : coefficient)
    const error = isDare && meanWeight === null ? Math.abs(coefficient) * keptError : null
    return nameParent(found, member, { weight, error })
  })
  const parameters = parents.flatMap(({ member, coefficient, kept, keptError, density }, i) => {
    const of = `of ${found.refs[member] ?? ''}`
    if (recipe === 'ties') return [{ name: `density ${of}`, value: rounded(density), error: null }]
    return [
      { name: `dropped ${of}`, value: rounded(1 - kept), error: rounded(keptError) },
      { name: `factor ${of}`, value: rounded(coefficient), error: null },
      ...(i === 0 && elected ? [{ name: 'signs elected', value: 1, error: null }] : []),
    ]
  })
  const scale =
    counts.model.combination === 'mean' ? [{ name: 'scale', value: rounded(counts.model.scale), error: null }] : []
  return {
    recipe,
    base: found.refs[base] ?? null,
    parents: named,
    parameters: [...parameters, ...scale],
    layers: [],
    evidence: toEvidence(counts, null),
  }
}
