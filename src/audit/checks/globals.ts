/**
 * The names that a pickle resolves and that are on no list, neither of vetted nor of dangerous ones.
 *
 * Which value a calling opcode calls is not followed here. What can be said soundly is the order: when no calling
 * opcode stands after a name, it is not called.
 */
import type { FileFacts, ReferenceFact } from '../../formats/index.ts'
import type { Observation, Subject } from '../rule.ts'
import { quote } from '../wording.ts'
import { isVetted } from './vetted-globals.ts'

const CALLING: ReadonlySet<string> = new Set(['REDUCE', 'OBJ', 'INST', 'NEWOBJ', 'NEWOBJ_EX', 'BUILD'])
const LISTED_AS_DANGEROUS: ReadonlySet<string> = new Set([
  'pkl-executes-code',
  'pkl-builds-code',
  'pkl-resolver',
  'pkl-system-access',
  'pkl-loads-more',
  'pkl-disarms',
  'pkl-main',
])

function splitGlobal(target: string): readonly [module: string, name: string] {
  const at = target.includes(' ') ? target.indexOf(' ') : target.lastIndexOf('.')
  return [target.slice(0, Math.max(0, at)), target.slice(at + 1)]
}

/** Index of the last calling opcode; infinite when there are opcodes beyond those that were listed. */
function lastCall({ opcodes }: FileFacts): number {
  if (opcodes === undefined || opcodes.count > opcodes.listed.length) return Number.POSITIVE_INFINITY
  return opcodes.listed.findLastIndex(({ name }) => CALLING.has(name))
}

function unlisted({ references, anomalies }: FileFacts): readonly ReferenceFact[] {
  const known = new Set(anomalies.filter(({ code }) => LISTED_AS_DANGEROUS.has(code)).map(({ locus }) => locus))
  const named = references.filter(({ kind, target, locus }) => {
    const [module, name] = splitGlobal(target)
    return kind === 'global' && !known.has(locus) && !isVetted(module, name)
  })
  return [...new Map(named.map((reference) => [reference.target, reference])).values()]
}

function observe({ facts }: Subject, called: boolean): readonly Observation[] {
  return facts.files.flatMap((file) => {
    const last = lastCall(file)
    return unlisted(file)
      .filter(({ locus }) => {
        const index = Number(/\bop (\d+)/.exec(locus)?.[1] ?? Number.NEGATIVE_INFINITY)
        return last >= index === called
      })
      .map(({ target, locus }) => ({
        path: file.path,
        locus: `global ${quote(target)}`,
        message: called
          ? `${locus} names ${quote(target)}, which nobody has vetted, and instructions that call follow`
          : `${locus} names ${quote(target)}, which nobody has vetted; nothing is called after it`,
        evidence: quote(target),
      }))
  })
}

/** Unlisted globals after which something is called. */
export function observeCalled(subject: Subject): readonly Observation[] {
  return observe(subject, true)
}

/** Unlisted globals after which nothing is called. */
export function observeReferenced(subject: Subject): readonly Observation[] {
  return observe(subject, false)
}
