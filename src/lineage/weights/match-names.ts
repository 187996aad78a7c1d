/**
 * Matches tensor names against the architecture tables.
 *
 * The family that names the most tensors of a model reads it; where it is silent the others are asked in turn. What
 * stands before a pattern must hold no number, so that `layers.0.x.layers.1.y` is not mistaken for a layer of the
 * outer stack.
 */
import { FAMILIES } from './families/index.ts'
import type { Family, RoleName } from './families/family.ts'

/** What a name says. */
export interface NamedRole {
  readonly rule: RoleName
  readonly bias: boolean
  readonly stack: string
  /** The number in the name, not yet the place in the stack; -1 without. */
  readonly layer: number
  readonly expert: number
}

interface CompiledRule {
  readonly rule: RoleName
  readonly regex: RegExp
}

const SUFFIX = /\.(weight|bias|gamma|beta)$/
const NUMBER_IN_PREFIX = /(^|\.)\d+(\.|$)/

function compile(rule: RoleName): CompiledRule {
  const source = rule.pattern.replaceAll('.', '\\.').replace('{n}', '(?<n>\\d{1,6})').replace('{e}', '(?<e>\\d{1,6})')
  return { rule, regex: new RegExp(`^(?:(?<prefix>.*)\\.)?${source}$`) }
}

/** Rules of a family, by the last word of their pattern, so that a name is held against few of them. */
function index(family: Family): ReadonlyMap<string, readonly CompiledRule[]> {
  return Map.groupBy(family.names.map(compile), ({ rule }) => lastWord(rule.pattern))
}

function lastWord(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

const INDEXED: readonly (readonly [Family, ReadonlyMap<string, readonly CompiledRule[]>])[] = FAMILIES.map((family) => [
  family,
  index(family),
])

function stackOf(rule: RoleName, prefix: string): string {
  if (!rule.pattern.includes('{n}')) return ''
  const stem = rule.pattern.slice(0, rule.pattern.indexOf('{n}') - 1)
  return prefix === '' ? stem : `${prefix}.${stem}`
}

function matchRule(compiled: CompiledRule, stem: string, bias: boolean): NamedRole | undefined {
  const groups = compiled.regex.exec(stem)?.groups
  if (groups === undefined) return undefined
  const prefix = groups['prefix'] ?? ''
  if (NUMBER_IN_PREFIX.test(prefix)) return undefined
  const { rule } = compiled
  return {
    rule,
    bias,
    stack: stackOf(rule, prefix),
    layer: Number(groups['n'] ?? -1),
    expert: Number(groups['e'] ?? -1),
  }
}

/** Names longer than this are nobody's and are not matched at all. */
const LONGEST_NAME = 512

function matchIn(rules: ReadonlyMap<string, readonly CompiledRule[]>, name: string): NamedRole | undefined {
  const suffix = name.length > LONGEST_NAME ? null : SUFFIX.exec(name)
  const stem = suffix === null ? name : name.slice(0, suffix.index)
  if (stem.length > LONGEST_NAME) return undefined
  const bias = suffix?.[1] === 'bias' || suffix?.[1] === 'beta'
  for (const compiled of rules.get(lastWord(stem)) ?? []) {
    const named = matchRule(compiled, stem, bias)
    if (named !== undefined) return named
  }
  return undefined
}

/** What all names of a model say: the family that reads most of them, and a role for each name that anyone knows. */
export interface NamedModel {
  readonly family: string
  readonly roles: ReadonlyMap<string, NamedRole>
}

/** Reads all names of a model; see the module. */
export function matchNames(names: readonly string[]): NamedModel {
  const scored = INDEXED.map(([family, rules]) => {
    const roles = new Map<string, NamedRole>()
    for (const name of names) {
      const named = matchIn(rules, name)
      if (named !== undefined) roles.set(name, named)
    }
    return { family, roles }
  }).toSorted((a, b) => b.roles.size - a.roles.size)
  const best = scored[0]
  if (best === undefined || best.roles.size === 0) return { family: 'generic', roles: new Map() }
  const roles = new Map(scored.toReversed().flatMap((score) => [...score.roles]))
  return { family: best.family.id, roles }
}
