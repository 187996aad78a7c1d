/**
 * The parents that a model declares, and whether the evidence bears them out.
 *
 * A name proves nothing and weighs nothing; it says whom to look at, and afterwards whether what was said fits.
 */
import type { ArtefactFacts } from '../../formats/index.ts'
import type { Comparison } from '../weights/comparison.ts'
import type { Attribution } from './attribution.ts'

const MOST = 8
const KEYS = /^\/base_model(?:\/\d+)?$|^\/base_model_name_or_path$|^general\.base_model\.\d+\.repo_url$/
const HUB = /^https:\/\/huggingface\.co\//

/** Names of parents that the card, the configuration or GGUF metadata give, at most eight. */
export function declaredParents(facts: ArtefactFacts): readonly string[] {
  const named = facts.files
    .filter(({ format }) => format === 'hf-card' || format === 'hf-config' || format === 'gguf')
    .flatMap(({ metadata }) => metadata.filter(({ key }) => KEYS.test(key)))
    .flatMap(({ value }): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : [value]))
    .flatMap((value) => (typeof value === 'string' && value !== '' ? [value.replace(HUB, '')] : []))
  return [...new Set(named)].slice(0, MOST)
}

/** A candidate as it is named, with its comparison. */
export interface NamedCandidate {
  readonly ref: string
  readonly comparison: Pick<Comparison, 'verdict'>
}

function lastName(ref: string): string {
  return (
    ref
      .replace(/^hf:/, '')
      .replace(/@[^@/]*$/, '')
      .split('/')
      .findLast((part) => part !== '') ?? ''
  )
}

function isCalled(ref: string, name: string): boolean {
  return ref === name || lastName(ref) === lastName(name)
}

const KIN = new Set<Comparison['verdict']>(['identical', 're-derived', 'derived', 'merge'])

/** One sentence for each declared parent. */
export function weighDeclaration(
  declared: readonly string[],
  candidates: readonly NamedCandidate[],
  attribution: Pick<Attribution, 'finding' | 'ranking'>,
): string[] {
  const parents = (attribution.finding?.parents ?? []).flatMap(({ ref, sameAs }) => [ref, ...sameAs])
  const base = attribution.finding?.base
  const first = attribution.ranking.filter(({ place }) => place === 1).map(({ ref }) => ref)
  const supported = new Set([...(parents.length > 0 ? parents : first), ...(typeof base === 'string' ? [base] : [])])
  return declared.map((name) => {
    const said = `Declared parent ${name}:`
    const candidate = candidates.find(({ ref }) => isCalled(ref, name))
    if (candidate === undefined) return `${said} not among the candidates, not examined.`
    const { ref, comparison } = candidate
    if (!KIN.has(comparison.verdict)) return `${said} not supported; ${ref} is ${comparison.verdict}.`
    if (supported.has(ref)) return `${said} consistent with the weights (${ref}).`
    return `${said} ${ref} is kin, but the weights point to ${[...supported].join(' and ')} first.`
  })
}
