import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatTime, sha256 } from '../../base/index.ts'
import { codesOf, DocketWriter } from '../../testing/dockets.ts'
import type { Docket, LoggedLeaf } from '../docket/docket.ts'
import { recordLeaf } from '../docket/objections.ts'
import { listStatuses, nextStatus, type StatusAct } from './lifecycle.ts'
import { reportTaint, type StatedEdge } from './taint.ts'

class Certified extends DocketWriter {
  readonly clearance = this.say('a', {
    kind: 'clearance',
    number: '000000000001',
    result: 'cleared',
    expiresOn: '2027-11-01',
  })

  revoke(action: 'suspend' | 'reinstate' | 'revoke' | 'supersede' | 'expire', change: object = {}): LoggedLeaf {
    const effectiveFrom = formatTime(this.time + 3_600_000)
    return this.say('a', { kind: 'revocation', target: this.clearance.leaf.entry, action, effectiveFrom, ...change })
  }

  get docket(): Docket | undefined {
    return this.leaves.reduce<Docket | undefined>((before, leaf) => recordLeaf(before, leaf).docket, undefined)
  }

  statuses(at = this.time): readonly string[] {
    return listStatuses(this.docket, at).map(({ status }) => status)
  }

  get lastObjections(): readonly string[] {
    return codesOf(this.docket?.entries.at(-1) ?? { index: 0, hash: '', leaf: this.clearance.leaf, objections: [] })
  }
}

test('listStatuses() follows suspension, reinstatement and revocation, and nothing after that', () => {
  const log = new Certified()
  const seen = [log.statuses()]
  for (const action of ['suspend', 'reinstate', 'suspend', 'revoke'] as const) {
    log.revoke(action)
    assert.deepEqual(log.lastObjections, [])
    seen.push(log.statuses())
  }
  assert.deepEqual(seen.flat(), ['valid', 'suspended', 'valid', 'suspended', 'revoked'])
  for (const action of ['reinstate', 'suspend', 'revoke', 'supersede', 'expire'] as const) {
    log.revoke(action)
    assert.deepEqual(log.lastObjections, ['status-transition'], action)
    assert.deepEqual(log.statuses(), ['revoked'])
  }
})

test('nextStatus() never leads out of revoked, and out of superseded only there', () => {
  const acts: readonly StatusAct[] = ['suspend', 'reinstate', 'revoke', 'supersede', 'expire', 'void', 'replace']
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...acts)), (history) => {
      let status = nextStatus('valid', 'suspend') ?? 'valid'
      for (const act of history) {
        const next = nextStatus(status, act)
        if (status === 'revoked') assert.equal(next, undefined)
        if (status === 'superseded') assert.ok(next === undefined || next === 'revoked')
        status = next ?? status
      }
    }),
  )
})

test('listStatuses() lets a revocation act from its effectiveFrom on, also back in time', () => {
  const log = new Certified()
  const later = formatTime(log.time + 99 * 3_600_000)
  log.revoke('suspend', { effectiveFrom: later })
  assert.deepEqual(log.statuses(), ['valid'])
  assert.deepEqual(log.statuses(Date.parse(later)), ['suspended'])
  const back = new Certified()
  back.time += 50 * 3_600_000
  const from = back.time - 20 * 3_600_000
  back.revoke('revoke', { effectiveFrom: formatTime(from) })
  assert.deepEqual(back.statuses(from - 1), ['valid'])
  assert.deepEqual(back.statuses(from), ['revoked'])
})

test('a dangerous finding in a later test voids every older pass at once, until an appeal is upheld', () => {
  const log = new Certified()
  const first = log.announce('a')
  log.close('a', first)
  assert.deepEqual(log.statuses(), ['valid', 'valid'])
  const second = log.announce('a')
  const bad = log.close('a', second, { result: 'fail', worst: 'dangerous' })
  assert.deepEqual(log.statuses(log.time - 1), ['valid', 'valid', 'valid'])
  assert.deepEqual(log.statuses(), ['revoked', 'revoked', 'valid'])
  assert.equal(listStatuses(log.docket, log.time)[0]?.cause?.hash, bad.hash)
  const appeal = log.reply('a', bad, { action: 'appeal' })
  assert.deepEqual(log.statuses(), ['revoked', 'revoked', 'valid'], 'an appeal alone changes nothing')
  log.reply('a', appeal, { action: 'outcome', result: 'upheld' })
  assert.deepEqual(log.statuses(), ['valid', 'valid', 'valid'])
  const third = log.announce('a')
  log.close('a', third, { result: 'fail', worst: 'major', retestOf: bad.leaf.entry })
  assert.deepEqual(log.statuses().slice(0, 2), ['valid', 'valid'], 'a major defect voids nothing')
})

test('a newer clearance replaces an older one, a statement of another kind does not', () => {
  const log = new Certified()
  log.say('a', { kind: 'declaration', supersedes: log.clearance.leaf.entry })
  assert.deepEqual(log.statuses(), ['valid'])
  const supersedes = log.clearance.leaf.entry
  log.say('a', { kind: 'clearance', number: '000000000002', result: 'held', expiresOn: '2027-11-01', supersedes })
  assert.deepEqual(log.statuses(), ['superseded', 'valid'])
  log.revoke('revoke')
  assert.deepEqual(log.statuses(), ['revoked', 'valid'])
})

test('attack: a revocation that is objected to revokes nothing', () => {
  const log = new Certified()
  log.revoke('revoke', { statusIndex: { list: 'l', index: 5 } })
  assert.deepEqual(log.lastObjections, ['target-mismatch'])
  assert.deepEqual(log.statuses(), ['valid'])
})

test('reportTaint() lists descendants by steps, revokes none, and ends in rings', () => {
  const edge = (parent: string, child: string): StatedEdge => ({
    parent,
    child,
    relation: 'fine-tune',
    report: sha256(parent + child),
  })
  const edges = [
    edge('a', 'b'),
    edge('b', 'c'),
    edge('a', 'c'),
    edge('c', 'a'),
    edge('x', 'y'),
    edge('x', 'c'),
    edge('c', 'd'),
  ]
  const { descendants, digest } = reportTaint('a', edges)
  assert.deepEqual(
    descendants.map(({ modelId, steps }) => [modelId, steps]),
    [
      ['b', 1],
      ['c', 1],
      ['d', 2],
    ],
  )
  assert.deepEqual(
    descendants[1]?.via.map(({ parent }) => parent),
    ['b', 'a'],
  )
  assert.equal(digest, reportTaint('a', edges).digest)
  assert.deepEqual(reportTaint('z', edges).descendants, [])
  const log = new Certified()
  log.say('b', { kind: 'clearance', number: '000000000003', result: 'cleared', expiresOn: '2027-11-01' })
  log.revoke('revoke')
  const child = log.leaves.filter(({ leaf }) => leaf.modelId !== log.clearance.leaf.modelId)
  const docket = child.reduce<Docket | undefined>((before, leaf) => recordLeaf(before, leaf).docket, undefined)
  assert.deepEqual(
    listStatuses(docket, log.time).map(({ status }) => status),
    ['valid'],
  )
})

test('a statement that is no certificate can be revoked or superseded, and not suspended', () => {
  const log = new Certified()
  const report = log.say('a', { kind: 'provenance-report', result: 'derived' })
  for (const [action, codes] of [
    ['revoke', []],
    ['supersede', []],
    ['suspend', ['status-transition']],
  ] as const) {
    log.revoke(action, { target: report.leaf.entry })
    assert.deepEqual(log.lastObjections, codes, action)
  }
})
