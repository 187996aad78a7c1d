import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FILE_VERDICTS, GRADES } from '../audit/index.ts'
import { makeArtefact, makeAudit, makeComparison, makeFinding, makeTrace } from '../testing/evidence.ts'
import { decide, type Evidence } from './decide.ts'
import { loadPolicy } from './load-policy.ts'
import { compilePolicy, type Policy } from './policy.ts'

const policy = loadPolicy()
const LAX: Policy = {
  schema: 'tidewaiter/policy/v1',
  id: 'test/lax',
  version: '1',
  title: 'asks nothing',
  conditions: [],
}

function evidence(changes: Partial<Evidence> = {}): Evidence {
  return { artefact: makeArtefact(), audit: makeAudit(), trace: makeTrace(), ...changes }
}

test('decide() clears what was read and has nothing against it', () => {
  const decision = decide(evidence(), policy)
  assert.deepEqual([decision.decision, decision.channel, decision.reasons], ['cleared', 'green', []])
})

test('decide() refuses an exploit-shaped file and names rule, file and numbers', () => {
  const audit = makeAudit({ findings: [makeFinding()], verdict: 'defect' })
  const decision = decide(evidence({ audit }), policy)
  assert.equal(decision.decision, 'refused')
  assert.match(decision.reasons[0]?.evidence[0] ?? '', /TW-STN-03 model\.safetensors: span is 8 bytes/)
})

test('decide() refuses a file that breaks its own format, even by little, when it could not be read to its end', () => {
  const findings = [makeFinding({ grade: 'minor', rule: 'TW-GGF-04' })]
  const decided = (path: string): string => {
    const files = [{ path, format: 'gguf', verdict: 'inconclusive' }] as const
    return decide(evidence({ audit: makeAudit({ findings, files, verdict: 'inconclusive' }) }), policy).decision
  }
  assert.equal(decided('model.safetensors'), 'refused')
  assert.equal(decided('another'), 'held')
})

test('decide() holds a major capability and what was left out', () => {
  const audit = makeAudit({ findings: [makeFinding({ basis: 'capability' })], verdict: 'defect' })
  assert.equal(decide(evidence({ audit }), policy).decision, 'held')
  const artefact = makeArtefact({ problems: [{ kind: 'symlink', path: 'x', message: 'a link', excluded: true }] })
  assert.equal(decide(evidence({ artefact }), policy).decision, 'held')
})

test('decide() clears with advisories when the weights descend from a registered model', () => {
  const candidate = {
    artefact: { ref: 'oak', id: 'tw1:b' },
    standing: 'cleared',
    comparison: makeComparison('derived'),
  } as const
  const decision = decide(evidence({ trace: makeTrace({ candidates: [candidate] }) }), policy)
  assert.deepEqual([decision.decision, decision.channel], ['cleared-with-advisories', 'amber'])
  const refused = makeTrace({ candidates: [{ ...candidate, standing: 'refused' }] })
  assert.equal(decide(evidence({ trace: refused }), policy).decision, 'held')
})

test('decide() numbers its reasons, the heaviest first', () => {
  const findings = [
    makeFinding({ grade: 'minor', rule: 'TW-FILE-05' }),
    makeFinding({ grade: 'dangerous', rule: 'TW-FILE-04' }),
  ]
  const { reasons } = decide(evidence({ audit: makeAudit({ findings, verdict: 'defect' }) }), policy)
  assert.deepEqual(
    reasons.map(({ number, outcome }) => [number, outcome]),
    [
      [1, 'refused'],
      [2, 'cleared-with-advisories'],
    ],
  )
})

test('decide() never clears what is unread or dangerous, whatever the policy', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...FILE_VERDICTS),
      fc.array(fc.constantFrom(...GRADES), { maxLength: 4 }),
      fc.boolean(),
      (verdict, grades, lax) => {
        const findings = grades.map((grade) => makeFinding({ grade }))
        const audit = makeAudit({ findings, verdict, files: [{ path: 'a', format: 'x', verdict }] })
        const { decision, channel } = decide(evidence({ audit }), lax ? compilePolicy(LAX) : policy)
        if (verdict === 'inconclusive') assert.ok(decision === 'held' || decision === 'refused')
        if (grades.includes('dangerous')) assert.deepEqual([decision, channel], ['refused', 'red'])
      },
    ),
  )
})
