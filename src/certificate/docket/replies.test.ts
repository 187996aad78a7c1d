import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sha256 } from '../../base/index.ts'
import { docketsOf, DocketWriter, familyIdOf, modelOf } from '../../testing/dockets.ts'
import type { Docket } from './docket.ts'
import { foundFamily, showFamily } from './family.ts'
import { answerEntries, findHiddenReplies, nameEntry, type AnsweredEntry } from './replies.ts'

/** A rendering as a command line would print it. */
function render(answered: readonly AnsweredEntry[], indent = ''): string {
  return answered
    .map(({ entry, replies }) => `${indent}${nameEntry(entry)} ${entry.leaf.kind}\n${render(replies, `${indent}  `)}`)
    .join('')
}

const accused = new DocketWriter()
const report = accused.say('a', { kind: 'provenance-report', result: 'derived' })
accused.say('a', { kind: 'declaration' })
const appeal = accused.reply('a', report, { action: 'appeal' })
const reply = accused.reply('a', report)
const outcome = accused.reply('a', appeal, { action: 'outcome', result: 'dismissed' })
const [docket] = docketsOf(accused) as [Docket]

test('answerEntries() puts each reply beside what it answers', () => {
  const shape = (answered: readonly AnsweredEntry[]): unknown =>
    answered.map(({ entry, replies }) => [entry.index, shape(replies)])
  assert.deepEqual(shape(answerEntries(docket)), [
    [
      0,
      [
        [2, [[4, []]]],
        [3, []],
      ],
    ],
    [1, []],
  ])
})

test('answerEntries() shows a reply to nothing, and ends in a thread of any depth', () => {
  const log = new DocketWriter()
  let last = log.say('a', { kind: 'declaration' })
  for (let i = 0; i < 400; i++) last = log.reply('a', last)
  log.reply('a', last, { target: sha256('nothing') })
  const answered = answerEntries(docketsOf(log)[0] as Docket)
  const count = (each: readonly AnsweredEntry[]): number =>
    each.reduce((sum, { replies }) => sum + 1 + count(replies), 0)
  assert.equal(count(answered), 402)
})

test('attack: a reply is hidden so deep in a thread that it stands for itself', () => {
  const log = new DocketWriter()
  let last = log.say('a', { kind: 'declaration' })
  for (let i = 0; i < 40; i++) last = log.reply('a', last)
  const [thread] = docketsOf(log) as [Docket]
  const names = thread.entries.map(nameEntry)
  assert.deepEqual(findHiddenReplies(thread, names.join(' ')), [])
  for (let hidden = 1; hidden < names.length; hidden++)
    assert.deepEqual(findHiddenReplies(thread, names.toSpliced(hidden, 1).join(' ')), [
      thread.entries[hidden]?.leaf.entry,
    ])
})

test('attack: a rendering that leaves out a reply is found out, whatever its form', () => {
  const text = render(answerEntries(docket))
  assert.deepEqual(findHiddenReplies(docket, text), [])
  assert.deepEqual(findHiddenReplies(docket, JSON.stringify(answerEntries(docket))), [])
  for (const hidden of [appeal, reply, outcome]) {
    const without = text
      .split('\n')
      .filter((line) => !line.includes(hidden.leaf.entry.slice(0, 16)))
      .join('\n')
    assert.deepEqual(findHiddenReplies(docket, without), [hidden.leaf.entry])
    const page = JSON.stringify(answerEntries(docket)).replaceAll(hidden.leaf.entry, '')
    assert.ok(findHiddenReplies(docket, page).includes(hidden.leaf.entry))
  }
  assert.deepEqual(findHiddenReplies(docket, 'a page about something else'), [])
})

test('showFamily() shows all dockets of a family, those that were merged into it among them', () => {
  const log = new DocketWriter()
  log.say('a', { kind: 'declaration' })
  log.say('b', { kind: 'declaration' })
  log.say('c', { kind: 'declaration', familyId: familyIdOf('a') })
  const shown = (family: string) => {
    const { familyId, dockets, links } = showFamily(familyIdOf(family), docketsOf(log), log.time)
    return [familyId, dockets.map(({ modelId }) => modelId), links.map(({ standing }) => standing)]
  }
  const models = (...letters: string[]): string[] => letters.map(modelOf).toSorted()
  assert.deepEqual(shown('a'), [familyIdOf('a'), models('a', 'c'), []])
  const merge = log.say('b', { kind: 'family', action: 'merge', toFamily: familyIdOf('a') })
  assert.deepEqual(shown('b'), [familyIdOf('a'), models('a', 'b', 'c'), ['in-force']])
  assert.deepEqual(shown('a'), shown('b'))

  const contest = log.reply('b', merge, { action: 'appeal' })
  assert.deepEqual(shown('b'), [familyIdOf('b'), models('b'), ['contested']], 'what came before holds')
  assert.deepEqual(shown('a'), [familyIdOf('a'), models('a', 'c'), ['contested']], 'and both pages say so')
  const [link] = showFamily(familyIdOf('a'), docketsOf(log), log.time).links
  assert.equal(link?.act.replies[0]?.entry.hash, contest.hash)
  log.reply('b', contest, { action: 'outcome', result: 'upheld' })
  assert.deepEqual(shown('b'), [familyIdOf('b'), models('b'), ['undone']])
  assert.throws(() => showFamily(familyIdOf('z'), docketsOf(log), log.time), { code: 'family-unknown' })
})

test('showFamily() ends when families were merged in a ring', () => {
  const log = new DocketWriter()
  const ring = [
    ['a', 'b'],
    ['b', 'c'],
    ['c', 'a'],
  ] as const
  for (const [from, to] of ring) log.say(from, { kind: 'family', action: 'merge', toFamily: familyIdOf(to) })
  const pages = ['a', 'b', 'c'].map((letter) => showFamily(familyIdOf(letter), docketsOf(log), log.time))
  assert.equal(new Set(pages.map(({ familyId }) => familyId)).size, 1)
  assert.ok(pages.every(({ dockets }) => dockets.length === 3))
})

test('showFamily() counts a family that was merged into a ring to the ring, whatever its identity', () => {
  for (const outside of ['d', 'e', 'f', 'g', 'h', 'i']) {
    const log = new DocketWriter()
    log.say(outside, { kind: 'family', action: 'merge', toFamily: familyIdOf('a') })
    log.say('a', { kind: 'family', action: 'merge', toFamily: familyIdOf('b') })
    log.say('b', { kind: 'family', action: 'merge', toFamily: familyIdOf('a') })
    const [fromOutside, fromRing] = [outside, 'a'].map((letter) =>
      showFamily(familyIdOf(letter), docketsOf(log), log.time),
    )
    assert.equal(fromOutside?.dockets.length, 3, outside)
    assert.deepEqual(fromOutside, fromRing)
  }
})

test('foundFamily() names a family by the model that founds it', () => {
  assert.equal(foundFamily(modelOf('a')), familyIdOf('a'))
  assert.throws(() => foundFamily('oak'), { code: 'family-founder' })
})
