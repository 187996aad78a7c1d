/** A finding in words. */
import type { ParentWeight, RecipeFinding } from './attribution.ts'

const RECIPE_WORDS: Readonly<Record<RecipeFinding['recipe'], string>> = {
  linear: 'linear merge',
  'task-arithmetic': 'task arithmetic',
  slerp: 'spherical interpolation (slerp)',
  'per-layer': 'linear merge with weights that vary by layer',
  passthrough: 'layers passed through',
  ties: 'TIES merge',
  dare: 'DARE merge',
}

function describeParent({ ref, weight, error, sameAs }: ParentWeight): string {
  const names = [ref, ...sameAs].join(' or ')
  if (weight === null) return names
  return `${weight.toFixed(4)}${error === null ? '' : ` ± ${error.toFixed(4)}`} ${names}`
}

/** Most layers that are listed one by one in a sentence. */
const MOST_LAYERS = 8

function describeLayers({ layers, parents }: RecipeFinding): string[] {
  if (layers.length === 0) return []
  const listed = layers.slice(0, MOST_LAYERS).map(({ layer, weights }) => {
    const place = layer < 0 ? 'no layer' : `layer ${layer}`
    return `${place} ${weights.map((weight) => weight.toFixed(3)).join(' / ')}`
  })
  const more = layers.length > MOST_LAYERS ? ' …' : ''
  return [`Weights of ${parents.map(({ ref }) => ref).join(' / ')}: ${listed.join('; ')}${more}.`]
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`
}

/** Sentences about a finding, the recipe first. */
export function describeFinding(finding: RecipeFinding): string[] {
  const { recipe, base, parents, parameters, evidence } = finding
  const over = base === null ? '' : ` over ${base}`
  const parameter = parameters.map(
    ({ name, value, error }) => `${name} ${value.toFixed(4)}${error === null ? '' : ` ± ${error.toFixed(4)}`}`,
  )
  const residual = evidence.residual === null ? '' : `, residual ${evidence.residual.toFixed(2)} times that of rounding`
  return [
    `A ${RECIPE_WORDS[recipe]} of ${parents.map(describeParent).join(' + ')}${over}.`,
    ...(parameter.length === 0 ? [] : [`Parameters: ${parameter.join('; ')}.`]),
    ...describeLayers(finding),
    `${percent(evidence.explained)} of ${evidence.elements} elements lie within rounding of what the recipe gives${residual}; ${percent(evidence.byChance)} would if parents' differences stood in other places.`,
  ]
}
