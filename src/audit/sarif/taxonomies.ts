/** CWE and ATLAS as SARIF taxonomies, and references into them. */
import type { Rule } from '../rule.ts'
import { ATLAS_NAMES, atlasAddress, CWE_NAMES, cweAddress, type AtlasId, type CweNumber } from '../taxonomy.ts'

/** In the order in which they stand in a run. */
export const TAXONOMY_NAMES = ['CWE', 'ATLAS'] as const

/** One catalogue, as far as rules refer to it. */
export interface Taxonomy {
  readonly name: (typeof TAXONOMY_NAMES)[number]
  readonly organization: 'MITRE'
  readonly informationUri: string
  readonly isComprehensive: false
  readonly taxa: readonly {
    readonly id: string
    readonly shortDescription: { readonly text: string }
    readonly helpUri: string
  }[]
}

/** A reference into a {@link Taxonomy}. */
export interface TaxonReference {
  readonly id: string
  readonly index: number
  readonly toolComponent: { readonly name: string; readonly index: number }
}

const CWES = Object.keys(CWE_NAMES).map(Number) as readonly CweNumber[]
const TECHNIQUES = Object.keys(ATLAS_NAMES) as readonly AtlasId[]

/** Both catalogues. */
export function taxonomies(): readonly Taxonomy[] {
  return [
    {
      name: 'CWE',
      organization: 'MITRE',
      informationUri: 'https://cwe.mitre.org/',
      isComprehensive: false,
      taxa: CWES.map((cwe) => ({
        id: `CWE-${cwe}`,
        shortDescription: { text: CWE_NAMES[cwe] },
        helpUri: cweAddress(cwe),
      })),
    },
    {
      name: 'ATLAS',
      organization: 'MITRE',
      informationUri: 'https://atlas.mitre.org/',
      isComprehensive: false,
      taxa: TECHNIQUES.map((id) => ({ id, shortDescription: { text: ATLAS_NAMES[id] }, helpUri: atlasAddress(id) })),
    },
  ]
}

/** Where the weakness and the technique of a rule stand in the taxonomies. */
export function taxaOf({ cwe, atlas }: Pick<Rule, 'cwe' | 'atlas'>): readonly TaxonReference[] {
  const [inCwe, inAtlas] = TAXONOMY_NAMES.map((name, index) => ({ name, index })) as [
    TaxonReference['toolComponent'],
    TaxonReference['toolComponent'],
  ]
  return [
    ...(cwe === null ? [] : [{ id: `CWE-${cwe}`, index: CWES.indexOf(cwe), toolComponent: inCwe }]),
    ...(atlas === null ? [] : [{ id: atlas, index: TECHNIQUES.indexOf(atlas), toolComponent: inAtlas }]),
  ]
}
