import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPolicy } from '../../certificate/index.ts'
import { LOG_SIGNER, POLICY_TEXT, PUBLISHED_AT, PublishedLog, WITNESSES } from '../../testing/published-log.ts'
import { ed25519From } from '../../testing/log-tree.ts'
import { nodeCryptography } from '../notes/node-cryptography.ts'
import { formatCheckpoint, signNote } from '../notes/note.ts'
import { noteSigner } from '../notes/signers.ts'
import { encodeEntryBundle } from '../tiles/bundles.ts'
import { Monitor, type MonitorOptions } from './monitor.ts'
import type { LeafObserver } from './observer.ts'
import { freshMonitorState, readMonitorState, writeMonitorState } from './state.ts'

const policy = await readPolicy(Buffer.from(POLICY_TEXT), nodeCryptography)
const FRESH = freshMonitorState('log.example')

function optionsFor(log: PublishedLog, more: Partial<MonitorOptions> = {}): MonitorOptions {
  return { policy, read: log.read, cryptography: nodeCryptography, clock: PUBLISHED_AT, ...more }
}

/** Remembers the leaves that it was shown. */
function recorder(): LeafObserver & { readonly seen: string[]; readonly settled: bigint[] } {
  const [seen, settled]: [string[], bigint[]] = [[], []]
  return {
    name: 'recorder',
    seen,
    settled,
    observe: ({ index, data }) => {
      assert.equal(index, seen.length)
      seen.push(Buffer.from(data).toString())
      return data.includes(0x21) ? [{ message: 'an exclamation', index }] : []
    },
    settle: ({ size }) => {
      settled.push(size)
      return []
    },
    save: () => String(seen.length),
  }
}

const codes = async (monitor: Monitor) => (await monitor.check()).alarms.map(({ code }) => code)

async function follower(first = 300) {
  const log = new PublishedLog()
  const note = await log.publish(first)
  const monitor = new Monitor(optionsFor(log), FRESH)
  assert.deepEqual(await codes(monitor), [])
  return { log, note, monitor }
}

test('a monitor is silent while a log grows, and shows each leaf once', async () => {
  const log = new PublishedLog()
  const observer = recorder()
  const monitor = new Monitor(optionsFor(log, { observers: [observer] }), FRESH)
  for (const count of [0, 1, 254, 1, 1, 256, 800]) {
    await log.publish(count)
    const { alarms, complete, read, size } = await monitor.check()
    assert.deepEqual([alarms, complete, read, size], [[], true, log.leaves.length, log.leaves.length])
  }
  assert.deepEqual(
    observer.seen,
    log.leaves.map((leaf) => Buffer.from(leaf).toString()),
  )
  assert.deepEqual(observer.settled, [0n, 1n, 255n, 256n, 257n, 513n, 1313n])
  log.reads.length = 0
  assert.deepEqual(await codes(monitor), [])
  assert.deepEqual(log.reads, ['checkpoint'])
})

test('a monitor goes on from its text where it was, some leaves at a time', async () => {
  const log = new PublishedLog()
  await log.publish(5000)
  const observer = recorder()
  let text = writeMonitorState(FRESH)
  let checks = 0
  for (let complete = false; !complete; checks++) {
    const options = optionsFor(log, { observers: [observer], leaves: 700 })
    const monitor = new Monitor(options, readMonitorState(text))
    const report = await monitor.check()
    assert.deepEqual(report.alarms, [])
    complete = report.complete
    text = writeMonitorState(monitor.state)
    if (checks === 1) await log.publish(1000)
  }
  assert.equal(observer.seen.length, 6000)
  assert.ok(checks > 5)
  assert.equal(readMonitorState(text).observers.get('recorder'), '6000')
})

test('a full tile stands in for a partial one that is gone', async () => {
  const log = new PublishedLog()
  await log.publish(300)
  const note = log.files.get('checkpoint')!
  await log.grow(300)
  log.files.set('checkpoint', note)
  for (const path of log.files.keys()) if (path.includes('001.p/')) log.files.delete(path)
  assert.deepEqual(await codes(new Monitor(optionsFor(log), FRESH)), [])
})

test('split view: another root for the size that was seen', async () => {
  const { log, note, monitor } = await follower()
  const liar = new PublishedLog()
  const other = await liar.publish(300, 'other ')
  log.files.set('checkpoint', Buffer.from(other))
  const { alarms } = await monitor.check()
  assert.deepEqual(
    alarms.map(({ code, notes }) => [code, notes]),
    [['split-view', [note, other]]],
  )
  assert.equal(monitor.state.note, note)
})

test('split view: a larger log that does not go on from what was seen', async () => {
  const { note } = await follower()
  const liar = new PublishedLog()
  await liar.grow(299)
  const other = await liar.publish(200, 'other ')
  const observer = recorder()
  const monitor = new Monitor(optionsFor(liar, { observers: [observer] }), { ...FRESH, note })
  const { alarms } = await monitor.check()
  assert.deepEqual(
    alarms.map(({ code, notes }) => [code, notes]),
    [['split-view', [note, other]]],
  )
  assert.deepEqual(observer.seen, [])
})

test('split view: a witness cosigned another story', async () => {
  const { log, note, monitor } = await follower()
  const liar = new PublishedLog()
  await liar.grow(100, 'other ')
  const other = await liar.sign()
  const witnessed = () => Promise.resolve([{ witness: 'w0', note: other }])
  const watching = new Monitor(optionsFor(log, { witnessed }), monitor.state)
  const { alarms } = await watching.check()
  assert.deepEqual(
    alarms.map(({ code, notes, who }) => [code, notes, who]),
    [['split-view', [other, note], 'w0']],
  )
})

test('witnesses: an older checkpoint is fine, a newer one only for a minute', async () => {
  const log = new PublishedLog()
  const old = await log.publish(100)
  const shown = await log.publish(200)
  await log.grow(50)
  const ahead = await log.sign()
  const views = (note: string) => () => Promise.resolve([{ witness: 'w0', note }])
  const check = async (note: string, seconds = 0) => {
    const clock = { now: () => PUBLISHED_AT.now() + seconds * 1000 }
    return (await new Monitor(optionsFor(log, { witnessed: views(note), clock }), FRESH).check()).alarms
  }
  assert.deepEqual(await check(old), [])
  assert.deepEqual(await check(ahead, 60), [])
  const [alarm, ...rest] = await check(ahead, 61)
  assert.deepEqual([alarm?.code, alarm?.notes, rest], ['withheld', [shown, ahead], []])
  const [unsigned] = await check(old.replace(/— log\.example .*\n/, ''))
  assert.deepEqual([unsigned?.code, unsigned?.who], ['witness', 'w0'])
  assert.equal((await check('nonsense'))[0]?.code, 'witness')
})

test('rollback and truncation: a smaller checkpoint than before', async () => {
  const { log, note, monitor } = await follower()
  const short = new PublishedLog()
  const before = await short.publish(200)
  log.files.set('checkpoint', Buffer.from(before))
  const { alarms } = await monitor.check()
  assert.deepEqual(
    alarms.map(({ code, notes }) => [code, notes]),
    [['rollback', [before, note]]],
  )
  for (const path of log.files.keys()) if (path !== 'checkpoint') log.files.delete(path)
  assert.deepEqual(await codes(monitor), ['rollback'])
  const liar = new PublishedLog()
  log.files.set('checkpoint', Buffer.from(await liar.publish(200, 'other ')))
  for (const [path, bytes] of (await follower()).log.files) if (path !== 'checkpoint') log.files.set(path, bytes)
  assert.deepEqual(await codes(monitor), ['split-view'])
})

test('an entry that is not the leaf of its tile is named, and nobody is shown it', async () => {
  const log = new PublishedLog()
  await log.publish(600)
  const leaves = log.leaves.slice(256, 512)
  leaves[17] = Buffer.from('forged')
  log.files.set('tile/entries/001', encodeEntryBundle(leaves))
  const observer = recorder()
  const { alarms, read } = await new Monitor(optionsFor(log, { observers: [observer] }), FRESH).check()
  assert.deepEqual(
    alarms.map(({ code, index }) => [code, index]),
    [['leaf-mismatch', 273]],
  )
  assert.deepEqual([observer.seen.length <= 256, read], [true, observer.seen.length])
})

test('tiles that fit the entries but not the root are found', async () => {
  const log = new PublishedLog()
  const note = await log.publish(600)
  const liar = new PublishedLog()
  await liar.grow(600, 'other ')
  for (const [path, bytes] of liar.files) log.files.set(path, bytes)
  log.files.set('checkpoint', Buffer.from(note))
  assert.deepEqual(await codes(new Monitor(optionsFor(log), FRESH)), ['tiles'])
})

test('what is missing, cut off or unreachable is an alarm and not an end', async () => {
  const damage: readonly [string, Uint8Array | undefined, string][] = [
    ['tile/entries/001', undefined, 'missing'],
    ['tile/entries/001', Uint8Array.of(0, 9, 1), 'missing'],
    ['tile/0/001', undefined, 'missing'],
    ['tile/0/001', new Uint8Array(33), 'missing'],
    ['tile/0/001', new Uint8Array(8192), 'leaf-mismatch'],
    ['tile/1/000.p/2', new Uint8Array(64), 'tiles'],
    ['checkpoint', undefined, 'checkpoint'],
    ['checkpoint', Uint8Array.of(0xff), 'checkpoint'],
    ['checkpoint', new Uint8Array(400_000).fill(65), 'checkpoint'],
  ]
  for (const [path, bytes, code] of damage) {
    const log = new PublishedLog()
    await log.publish(600)
    const monitor = new Monitor(optionsFor(log), FRESH)
    const good = log.files.get(path)!
    if (bytes === undefined) log.files.delete(path)
    else log.files.set(path, bytes)
    assert.deepEqual(await codes(monitor), [code], `${path} ${bytes?.length}`)
    log.files.set(path, good)
    assert.deepEqual(await codes(monitor), [], 'it goes on once the log is whole again')
  }
})

test('a checkpoint that the log did not sign, or of another origin, is refused', async () => {
  const { log, monitor, note } = await follower()
  const text = note.slice(0, note.indexOf('\n\n') + 1)
  const forger = noteSigner('log.example', ed25519From(new Uint8Array(32).fill(99)))
  const root = new Uint8Array(32)
  const forged = [
    await signNote(text, [forger]),
    await signNote(text, WITNESSES),
    await signNote(formatCheckpoint({ origin: 'log.example.evil', size: 400, root }), [LOG_SIGNER]),
    note.replace('300', '301'),
    note.replace('\n\n', '\nextension\n\n'),
  ]
  for (const wrong of forged) {
    log.files.set('checkpoint', Buffer.from(wrong))
    assert.deepEqual(await codes(monitor), ['checkpoint'], wrong)
    assert.equal(monitor.state.note, note)
  }
})

test('a checkpoint without its quorum is told of and still followed', async () => {
  const { log, monitor } = await follower()
  await log.grow(10)
  log.files.set('checkpoint', Buffer.from(await log.sign([])))
  const { alarms, read } = await monitor.check()
  assert.deepEqual([alarms.map(({ code }) => code), read], [['quorum'], 310])
})

test('what an observer finds is an alarm with its name and the note', async () => {
  const log = new PublishedLog()
  await log.publish(3)
  const note = await log.publish(1, '! ')
  const { alarms } = await new Monitor(optionsFor(log, { observers: [recorder()] }), FRESH).check()
  assert.deepEqual(alarms, [{ code: 'observer', who: 'recorder', notes: [note], message: 'an exclamation', index: 3 }])
})

test('readMonitorState() refuses a state that does not fit itself', async () => {
  const { monitor } = await follower()
  const text = writeMonitorState(monitor.state)
  assert.deepEqual(writeMonitorState(readMonitorState(text)), text)
  const refused = [
    '',
    '{}',
    text.replace('monitor/1', 'monitor/2'),
    text.replace('"size":300', '"size":301'),
    text.replace('"size":300', '"size":-1'),
    text.replace('\\n300\\n', '\\n200\\n'),
    text.replace('"hashes":[', '"hashes":["AAAA",'),
  ]
  for (const wrong of refused) assert.throws(() => readMonitorState(wrong), { name: 'Fault' }, wrong)
})
