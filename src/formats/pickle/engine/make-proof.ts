/**
 * The proof object of a stream that was run.
 */
import { createHash, hash as hashOnce } from 'node:crypto'
import { compareCodePoints } from '../../../base/index.ts'
import { readContent } from '../../byte-source.ts'
import type { PickleAnomaly } from '../anomalies.ts'
import { policiesDigest, versionsOf } from '../policy/index.ts'
import type { PickleProof, PickleUse } from '../proof.ts'
import type { Machine } from './machine.ts'
import { positionAt } from './meta.ts'

const PIECE = 256 * 1024
/** What nothing honest writes, or what is known to be dangerous. */
const HOSTILE: readonly PickleAnomaly[] = [
  'pkl-executes-code',
  'pkl-builds-code',
  'pkl-resolver',
  'pkl-system-access',
  'pkl-loads-more',
  'pkl-disarms',
  'pkl-frame',
  'pkl-no-stop',
  'pkl-extension',
  'pkl-indirect-global',
  'pkl-global-name',
  'pkl-wrong-target',
  'pkl-tensor',
  'pkl-expansion',
]

/** What is needed where no global is used. */
const CORE_ALONE: readonly string[] = ['core']

/** SHA-256 of the stream without the payloads that are passed over. */
export function hashStream(m: Machine, end: number): string {
  if (m.longPayloads.length === 0 && end - m.from <= PIECE)
    return hashOnce('sha256', m.request.source.read(m.from, end - m.from))
  const hash = createHash('sha256')
  let at = m.from
  for (const { from, to } of [...m.longPayloads, { from: end, to: end }]) {
    for (; at < from; at += Math.min(PIECE, from - at))
      hash.update(readContent(m.request.source, at, Math.min(PIECE, from - at)))
    at = to
  }
  return hash.digest('hex')
}

function schemaOf(m: Machine, number: number, position: PickleUse['position']): string {
  const signature = m.globals.at(number).rights?.entry.signature
  if (position === 'BUILD') return signature?.state ?? ''
  if (position === 'REDUCE') return signature?.reduce ?? ''
  return position === 'value' ? '' : (signature?.newobj ?? '')
}

function usesOf(m: Machine): readonly PickleUse[] {
  const uses = [...m.uses].map(([key, count]): PickleUse => {
    const number = Math.floor(key / 8)
    const position = positionAt(key % 8)
    const { module, name } = m.globals.at(number)
    return { module, name, position, schema: schemaOf(m, number, position), count }
  })
  if (uses.length < 2) return uses
  const path = ({ module, name, position }: PickleUse): string => `${module} ${name} ${position}`
  return uses.toSorted((a, b) => compareCodePoints(path(a), path(b)))
}

function policiesOf(m: Machine): readonly string[] {
  if (m.uses.size === 0) return CORE_ALONE
  const used = [...m.uses.keys()].map((key) => m.globals.at(Math.floor(key / 8)).rights?.entry.policy)
  const libraries = new Set(used.flatMap((policy) => (policy === undefined || policy === 'core' ? [] : [policy])))
  return ['core', ...[...libraries].toSorted(compareCodePoints)]
}

function verdictOf(m: Machine, policies: readonly string[]): PickleProof['verdict'] {
  if (HOSTILE.some((code) => m.anomalies.count(code) > 0)) return 'hostile'
  if (m.failing !== undefined || !m.canonical) return 'unproved'
  return policies.length === 1 ? 'proved' : 'proved-under'
}

/** The proof of the stream that ends at `end`. */
export function makeProof(m: Machine, end: number): PickleProof {
  const policies = policiesOf(m)
  const verdict = verdictOf(m, policies)
  const holds = verdict === 'proved' || verdict === 'proved-under'
  return {
    locus: m.context.locus ?? 'stream 0',
    from: m.from,
    to: end,
    ...(holds ? { sha256: hashStream(m, end) } : {}),
    policies,
    policyDigest: policiesDigest(policies),
    versions: versionsOf(policies),
    canonical: m.canonical,
    verdict,
    uses: usesOf(m),
    ...(m.failing === undefined ? {} : { failing: m.failing }),
  }
}
