/** Rules as SARIF descriptors. */
import type { Grade } from '../finding.ts'
import { familyOf, FAMILIES, type Rule } from '../rule.ts'
import { taxaOf, type TaxonReference } from './taxonomies.ts'

/** error fails a check, warning and note do not. */
export type Level = 'error' | 'warning' | 'note'

/** What GitHub sorts by: above 9 critical, from 7 high, from 4 medium, below low. */
const WEIGHTS: Readonly<Record<Grade, { readonly level: Level; readonly severity: string }>> = {
  dangerous: { level: 'error', severity: '9.5' },
  major: { level: 'error', severity: '7.5' },
  minor: { level: 'warning', severity: '5.0' },
  advisory: { level: 'note', severity: '2.0' },
}

/** One rule in the driver. */
export interface Descriptor {
  readonly id: string
  readonly name: string
  readonly shortDescription: { readonly text: string }
  readonly fullDescription: { readonly text: string }
  readonly help: { readonly text: string; readonly markdown: string }
  readonly defaultConfiguration: { readonly level: Level }
  readonly relationships: readonly { readonly target: TaxonReference; readonly kinds: readonly ['superset'] }[]
  readonly properties: {
    readonly 'security-severity': string
    readonly precision: 'very-high' | 'high'
    readonly tags: readonly string[]
    readonly grade: Grade
    readonly basis: Rule['basis']
    readonly related: readonly string[]
  }
}

/** The level of a grade. @example levelOf('minor') // 'warning' */
export function levelOf(grade: Grade): Level {
  return WEIGHTS[grade].level
}

function nameOf({ title }: Rule): string {
  const words = title.replaceAll(/[^A-Za-z0-9 ]/g, '').split(' ')
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('')
}

/** A rule for the driver of a run. */
export function descriptorOf(rule: Rule): Descriptor {
  const { id, title, grade, basis, sentence, meaning, remedy, seen, related, cwe } = rule
  return {
    id,
    name: nameOf(rule),
    shortDescription: { text: title },
    fullDescription: { text: sentence },
    help: {
      text: `${meaning}\n\nWhat to do: ${remedy}\n\nHow it is seen: ${seen}`,
      markdown: `${meaning}\n\n**What to do.** ${remedy}\n\n**How it is seen.** ${seen}`,
    },
    defaultConfiguration: { level: levelOf(grade) },
    relationships: taxaOf(rule).map((target) => ({ target, kinds: ['superset'] })),
    properties: {
      'security-severity': WEIGHTS[grade].severity,
      precision: basis === 'exploit' ? 'very-high' : 'high',
      tags: ['security', FAMILIES[familyOf(rule)], ...(cwe === null ? [] : [`external/cwe/cwe-${cwe}`])],
      grade,
      basis,
      related,
    },
  }
}
