import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatTime, sha256 } from '../../base/index.ts'
import { codesOf, DocketWriter, familyIdOf, modelOf, OTHER_STATION, REGULATOR, STATION } from '../../testing/dockets.ts'
import {
  familyOf,
  headOf,
  listTests,
  standingOf,
  summariseDocket,
  validEntries,
  type Docket,
  type LoggedLeaf,
} from './docket.ts'
import { admitLeaf, recordLeaf, type DocketContext } from './objections.ts'

/** Folds leaves that must all be in order. */
function fold(leaves: readonly LoggedLeaf[], context?: DocketContext): Docket {
  const docket = leaves.reduce<Docket | undefined>((before, leaf) => admitLeaf(before, leaf, context), undefined)
  assert.ok(docket)
  return docket
}

/** The codes that stand against the last of the leaves, those before it being in order. */
function against(leaves: readonly LoggedLeaf[], context?: DocketContext): readonly string[] {
  const [before, last] = [leaves.slice(0, -1), leaves.at(-1)]
  assert.ok(last)
  return codesOf(recordLeaf(before.length === 0 ? undefined : fold(before, context), last, context).entry)
}

const states = (docket: Docket, now: number): readonly string[] => listTests(docket, now).map(({ state }) => state)

test('admitLeaf() folds a declaration, a test and its pass into a docket', () => {
  const log = new DocketWriter()
  log.say('a', { kind: 'declaration' })
  log.close('a', log.announce('a'))
  const docket = fold(log.leaves)
  const summary = summariseDocket(docket, log.time)
  assert.deepEqual([summary?.length, summary?.head, summary?.familyId], [3, log.leaves[2]?.hash, familyIdOf('a')])
  assert.deepEqual(states(docket, log.time), ['passed'])
  assert.deepEqual(summary?.disputed, [])
})

test('listTests() counts a test without result as open before and as abandoned after its deadline', () => {
  const log = new DocketWriter()
  const { leaf } = log.announce('a', 5)
  const deadline = Date.parse(leaf.deadline ?? '')
  const docket = fold(log.leaves)
  assert.deepEqual(states(docket, deadline), ['open'])
  assert.deepEqual(states(docket, deadline + 1), ['abandoned'])
  assert.equal(summariseDocket(docket, deadline)?.openIntents.length, 1)
  assert.equal(summariseDocket(docket, deadline + 1)?.openIntents.length, 0)
})

test('attack: a failed test that is dropped from the chain breaks it', () => {
  const log = new DocketWriter()
  const declared = log.say('a', { kind: 'declaration' })
  const intent = log.announce('a')
  const failed = log.close('a', intent, { result: 'fail' })
  const again = log.announce('a')
  assert.deepEqual(against([declared, intent, again]), ['docket-prev'])
  assert.deepEqual(against([declared, again]), ['docket-prev'])
  assert.deepEqual(against([declared, intent, failed, again]), [])
})

test('attack: a leaf that takes the place of another, or leaves a gap, is refused', () => {
  const log = new DocketWriter()
  const [one, two] = [log.say('a', { kind: 'declaration' }), log.announce('a')]
  const fork = log.say('a', { kind: 'declaration', seq: 1, prev: one.hash })
  assert.deepEqual(against([one, two, fork]), ['docket-fork'])
  assert.deepEqual(against([one, two, log.say('a', { kind: 'declaration', seq: 3, prev: two.hash })]), ['docket-seq'])
  const first = log.say('a', { kind: 'declaration', seq: 0, prev: undefined } as never)
  assert.deepEqual(against([one, { ...first, leaf: (({ prev: _prev, ...rest }) => rest)(first.leaf) }]), [
    'docket-fork',
  ])
  assert.deepEqual(
    against([one, log.say('a', { kind: 'declaration', modelId: modelOf('b'), seq: 1, prev: one.hash })]),
    ['docket-model'],
  )
})

test('attack: a result before, without, twice for, late for, or by another than its intent', () => {
  const log = new DocketWriter()
  const declared = log.say('a', { kind: 'declaration' })
  const late = log.say('a', { kind: 'mot-result', number: '1', result: 'pass', intent: sha256('entry 2') })
  const intentAfter = log.announce('a', 24, { entry: sha256('entry 2') })
  assert.deepEqual(against([declared, late]), ['result-without-intent'])
  const both = [declared, late, intentAfter].reduce<Docket | undefined>(
    (docket, leaf) => recordLeaf(docket, leaf).docket,
    undefined,
  )
  assert.deepEqual(states(both as Docket, log.time), ['open'], 'an intent after the result is not closed by it')

  const other = new DocketWriter()
  const intent = other.announce('a', 3)
  const twice = [intent, other.close('a', intent), other.close('a', intent)]
  assert.deepEqual(against(twice), ['result-twice'])
  assert.deepEqual(against([intent, { ...twice[1]!, leaf: { ...twice[1]!.leaf, issuer: OTHER_STATION } }]), [
    'result-foreign',
  ])
  const isSameStation = (a: string, b: string): boolean => [a, b].every((key) => [STATION, OTHER_STATION].includes(key))
  assert.deepEqual(
    against([intent, { ...twice[1]!, leaf: { ...twice[1]!.leaf, issuer: OTHER_STATION } }], { isSameStation }),
    [],
  )
  const overdue = { ...twice[1]!, leaf: { ...twice[1]!.leaf, time: formatTime(other.time + 99 * 3_600_000) } }
  assert.deepEqual(against([intent, overdue]), ['result-late', 'retest-missing'])
  assert.deepEqual(against([intent, { ...overdue, leaf: { ...overdue.leaf, result: 'abandoned' } }]), [])
})

test('attack: an intent that is back-dated, or gives itself for ever', () => {
  const log = new DocketWriter()
  const declared = log.say('a', { kind: 'declaration' })
  const notBefore = log.time
  const intent = log.announce('a', 24, { time: formatTime(log.time - 3_600_000) })
  assert.deepEqual(against([declared, intent]), ['time-order'])
  assert.deepEqual(against([declared, intent], { notBefore }), ['time-order', 'back-dated'])
  const first = new DocketWriter().announce('a', 24)
  assert.deepEqual(against([first], { notBefore: Date.parse(first.leaf.time) + 4 * 60_000 }), [], 'clocks differ')
  assert.deepEqual(against([first], { notBefore: Date.parse(first.leaf.time) + 6 * 60_000 }), ['back-dated'])
  assert.deepEqual(against([new DocketWriter().announce('a', 30 * 24)]), [])
  assert.deepEqual(against([new DocketWriter().announce('a', 30 * 24 + 1)]), ['intent-deadline'])
})

test('attack: a pass after a failed or abandoned test that does not name it', () => {
  for (const result of ['fail', 'abandoned', undefined]) {
    const log = new DocketWriter()
    const first = log.announce('a', 2)
    if (result !== undefined) log.close('a', first, { result })
    log.time += 99 * 3_600_000
    const second = log.announce('a', 24, { retestOf: first.leaf.entry })
    const before = [...log.leaves]
    assert.deepEqual(against([...before, log.close('a', second)]), ['retest-missing'], result)
    log.leaves.pop()
    assert.deepEqual(against([...before, log.close('a', second, { retestOf: first.leaf.entry })]), [], result)
    const third = log.announce('a')
    assert.deepEqual(against([...log.leaves.slice(0, -1), third, log.close('a', third)]), [], 'the failure is answered')
    log.leaves.pop()
    const unknown = log.close('a', third, { retestOf: sha256('x') })
    assert.deepEqual(against([...log.leaves.slice(0, -1), unknown]), ['retest-unknown'])
  }
})

test('attack: a seed that is used again, or does not follow from the log', () => {
  const log = new DocketWriter()
  const [one, two] = [log.announce('a'), log.announce('a')]
  const seeds = new Map([
    [one.leaf.entry, sha256('1')],
    [two.leaf.entry, sha256('2')],
  ])
  const closed = log.close('a', one, { seed: sha256('1') })
  const before = [one, two, closed]
  const again = log.close('a', two, { seed: sha256('1') })
  assert.deepEqual(against([...before, again]), ['seed-twice'])
  assert.deepEqual(against([...before, again], { seeds }), ['seed-wrong', 'seed-twice'])
  log.leaves.pop()
  assert.deepEqual(against([...before, log.close('a', two)], { seeds }), ['seed-wrong'])
  log.leaves.pop()
  assert.deepEqual(against([...before, log.close('a', two, { seed: sha256('2') })], { seeds }), [])
})

test('attack: a key of the wrong role, in whatever docket it speaks', () => {
  const log = new DocketWriter()
  const asked: string[] = []
  const mayIssue = (keyId: string, type: string, time: number): boolean => {
    asked.push(`${type} ${formatTime(time)}`)
    return keyId === REGULATOR || !type.includes('/revocation/')
  }
  const intent = log.announce('a')
  const pass = log.close('a', intent)
  const revocation = {
    kind: 'revocation',
    target: pass.leaf.entry,
    action: 'revoke',
    effectiveFrom: pass.leaf.time,
  } as const
  assert.deepEqual(against([intent, pass, log.say('a', revocation)], { mayIssue }), ['role'])
  assert.ok(asked.includes(`https://tidewaiter.example/attestation/revocation/v0.1 ${formatTime(log.time)}`))
  log.leaves.pop()
  assert.deepEqual(against([intent, pass, log.say('a', { ...revocation, issuer: REGULATOR })], { mayIssue }), [])
})

test('attack: a revocation or reply of what is not there, or of another index', () => {
  const log = new DocketWriter()
  const intent = log.announce('a')
  const place = { list: 'l', index: 7 }
  const pass = log.close('a', intent, { statusIndex: place })
  const revoke = (change: object): readonly string[] => {
    const said = log.say('a', {
      kind: 'revocation',
      target: pass.leaf.entry,
      action: 'revoke',
      effectiveFrom: pass.leaf.time,
      ...change,
    })
    log.leaves.pop()
    return against([intent, pass, said])
  }
  assert.deepEqual(revoke({ statusIndex: place, number: pass.leaf.number }), [])
  assert.deepEqual(revoke({ statusIndex: { list: 'l', index: 8 } }), ['target-mismatch'])
  assert.deepEqual(revoke({ number: '260000000012' }), ['target-mismatch'])
  assert.deepEqual(revoke({ target: sha256('x') }), ['target-unknown'])
  assert.deepEqual(against([intent, pass, log.reply('a', pass, { action: 'outcome', result: 'upheld' })]), [
    'outcome-target',
  ])
})

test('recordLeaf() keeps what stands against a leaf, and goes on after it', () => {
  const log = new DocketWriter()
  const first = log.say('a', { kind: 'declaration' })
  const wrong = log.say('a', { kind: 'mot-result', number: '1', result: 'pass', intent: sha256('none') })
  const next = log.say('a', { kind: 'declaration' })
  const fork = log.say('a', { kind: 'declaration', seq: 1, prev: first.hash })
  const docket = [first, wrong, next, fork].reduce<Docket | undefined>(
    (before, leaf) => recordLeaf(before, leaf).docket,
    undefined,
  )
  assert.deepEqual(docket?.entries.map(codesOf), [[], ['result-without-intent'], [], ['docket-fork']])
  assert.deepEqual(
    validEntries(docket).map(({ index }) => index),
    [0, 2],
  )
  assert.equal(headOf(docket)?.index, 2)
})

test('familyOf() follows a split, not while it is contested, and not when the appeal was upheld', () => {
  const log = new DocketWriter()
  log.say('a', { kind: 'declaration' })
  const split = log.say('a', { kind: 'family', action: 'split', toFamily: familyIdOf('b') })
  const inForce = (): string | undefined => familyOf(fold(log.leaves))
  assert.equal(inForce(), familyIdOf('b'))
  const stale = log.say('a', { kind: 'declaration' })
  assert.deepEqual(against(log.leaves), ['family-not-in-force'])
  assert.equal(log.leaves.pop(), stale)
  const appeal = log.reply('a', split, { action: 'appeal', familyId: familyIdOf('b') })
  assert.equal(inForce(), familyIdOf('a'))
  assert.equal(standingOf(split.leaf.entry, validEntries(fold(log.leaves))), 'contested')
  log.reply('a', appeal, { action: 'outcome', result: 'dismissed' })
  assert.equal(inForce(), familyIdOf('b'))
  log.leaves.pop()
  log.reply('a', appeal, { action: 'outcome', result: 'upheld' })
  assert.equal(inForce(), familyIdOf('a'))
  assert.equal(standingOf(split.leaf.entry, validEntries(fold(log.leaves))), 'undone')
})

test('attack: a statement that is entered twice', () => {
  const log = new DocketWriter()
  const one = log.say('a', { kind: 'declaration' })
  assert.deepEqual(against([one, log.say('a', { kind: 'declaration', entry: one.leaf.entry })]), ['entry-twice'])
})

test('findObjections() allows five minutes for clocks, a result at the deadline, and no deadline at once', () => {
  const minutes = (count: number): string => {
    const log = new DocketWriter()
    const one = log.say('a', { kind: 'declaration' })
    const time = formatTime(Date.parse(one.leaf.time) - count * 60_000)
    return against([one, log.say('a', { kind: 'declaration', time })]).join()
  }
  assert.deepEqual([minutes(4), minutes(5), minutes(6)], ['', '', 'time-order'])
  const first = new DocketWriter().say('a', { kind: 'declaration' })
  const notBefore = Date.parse(first.leaf.time) + 5 * 60_000
  assert.deepEqual(against([first], { notBefore }), [])
  const log = new DocketWriter()
  const intent = log.announce('a', 2)
  assert.deepEqual(against([intent, log.close('a', intent, { time: intent.leaf.deadline ?? '' })]), [])
  assert.deepEqual(against([new DocketWriter().announce('a', 0)]), ['intent-deadline'])
})

test('standingOf() looks at the appeals of this act and at the outcomes of these appeals', () => {
  const log = new DocketWriter()
  const [one, two] = [log.say('a', { kind: 'declaration' }), log.say('a', { kind: 'declaration' })]
  log.reply('a', one)
  const stands = (of: LoggedLeaf): string => standingOf(of.leaf.entry, validEntries(fold(log.leaves)))
  assert.equal(stands(one), 'in-force', 'a reply is no appeal')
  const other = log.reply('a', two, { action: 'appeal' })
  assert.deepEqual([stands(one), stands(two)], ['in-force', 'contested'], 'an appeal of another')
  const appeal = log.reply('a', one, { action: 'appeal' })
  log.reply('a', appeal)
  log.reply('a', other, { action: 'outcome', result: 'upheld' })
  assert.deepEqual([stands(one), stands(two)], ['contested', 'undone'], 'an outcome of another')
})
