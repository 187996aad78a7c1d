import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fixedClock, isFault } from '../../base/index.ts'
import { holdsQuorum, judgeCheckpoint, readCheckpoint, readPolicy } from '../../certificate/index.ts'
import { ed25519From, mlDsa44From } from '../../testing/log-tree.ts'
import { nodeCryptography } from '../notes/node-cryptography.ts'
import { formatCheckpoint, signNote, type NoteSigner } from '../notes/note.ts'
import { cosigner, noteSigner } from '../notes/signers.ts'
import { writeDefaultPolicy } from './default-policy.ts'

const clock = fixedClock('2026-11-23T12:00:00Z')
const seed = (n: number): Uint8Array => new Uint8Array(32).fill(n)
const log = noteSigner('log.example', ed25519From(seed(1)))
const [w1, w2, w3, w4] = [11, 12, 13, 14].map((n) =>
  cosigner({ name: `witness.example/w${n}`, privateKey: ed25519From(seed(n)), clock }),
) as [Witness, Witness, Witness, Witness]
type Witness = ReturnType<typeof cosigner>
const quantum = cosigner({ name: 'witness.example/q', privateKey: mlDsa44From(seed(20)), clock })

const parse = (text: string) => readPolicy(Buffer.from(text), nodeCryptography)
const TWO_OF_THREE = `# the log
log ${log.vkey} https://log.example/
\twitness one ${w1.vkey}
witness two   ${w2.vkey}  https://two.example/w
witness three ${quantum.vkey}
group some 2 one two three

quorum some
`

const judge = async (text: string, signers: readonly NoteSigner[]) => {
  const note = await signNote(formatCheckpoint({ origin: 'log.example', size: 5, root: seed(9) }), signers)
  return judgeCheckpoint(readCheckpoint(note), await parse(text), nodeCryptography)
}

test('readPolicy() reads logs, witnesses, groups and the quorum', async () => {
  const { logs, witnesses, quorum } = await parse(TWO_OF_THREE)
  assert.deepEqual(logs, [{ key: log.key, url: 'https://log.example/' }])
  assert.deepEqual(
    witnesses.map(({ name, url }) => [name, url]),
    [
      ['one', undefined],
      ['two', 'https://two.example/w'],
      ['three', undefined],
    ],
  )
  assert.deepEqual(quorum, { threshold: 2, members: ['one', 'two', 'three'] })
  assert.deepEqual((await parse('quorum none\n')).quorum, { threshold: 0, members: [] })
  assert.deepEqual((await parse(`witness one ${w1.vkey}\nquorum one\n`)).quorum, { threshold: 1, members: ['one'] })
})

test('readPolicy() refuses every other form', async () => {
  const one = `witness one ${w1.vkey}\n`
  const two = `witness two ${w2.vkey}\n`
  const refused = [
    '',
    'quorum none',
    'quorum none\nquorum none\n',
    `${one}quorum two\n`,
    `quorum one\n${one}`,
    `${one}quorum one two\n`,
    `${one}${one}quorum none\n`,
    `${one}witness one ${w2.vkey}\nquorum none\n`,
    `witness none ${w1.vkey}\nquorum none\n`,
    `${one}witness twin ${cosigner({ name: 'other', privateKey: ed25519From(seed(11)), clock }).vkey}\nquorum none\n`,
    `log ${log.vkey}\nlog ${log.vkey}\nquorum none\n`,
    `log ${w1.vkey}\nquorum none\n`,
    `witness one ${log.vkey}\nquorum none\n`,
    `log ${log.vkey}\nwitness own ${cosigner({ name: 'own', privateKey: ed25519From(seed(1)), clock }).vkey}\nquorum own\n`,
    `log ${log.vkey} https://a https://b\nquorum none\n`,
    `${one}group g 2 one\nquorum g\n`,
    `${one}group g 0 one\nquorum g\n`,
    `${one}group g 01 one\nquorum g\n`,
    `${one}group g all\nquorum g\n`,
    `${one}group g any none\nquorum g\n`,
    `${one}group g any one one\nquorum g\n`,
    `${one}${two}group g any one\ngroup h any one two\nquorum h\n`,
    `${one}group one any one\nquorum one\n`,
    `${one}quorum\u00a0one\n`,
    'quorum none\r\n',
    '\ufeffquorum none\n',
    'Quorum none\n',
    `${'#\n'.repeat(5000)}quorum none\n`,
  ]
  for (const text of refused) await assert.rejects(parse(text), { code: 'policy' }, JSON.stringify(text.slice(-90)))
  await assert.rejects(readPolicy(Uint8Array.of(0x23, 0xff, 0x0a), nodeCryptography), { code: 'policy' })
  await assert.rejects(readPolicy(new Uint8Array(1_048_577), nodeCryptography), { code: 'policy' })
  await assert.rejects(parse('log a+b+c\nquorum none\n'), { code: 'vkey' })
})

test('judgeCheckpoint() counts distinct witnesses of the policy and nobody else', async () => {
  const quorumOf = async (...signers: readonly NoteSigner[]) => (await judge(TWO_OF_THREE, [log, ...signers])).quorum
  assert.equal(await quorumOf(), false)
  assert.equal(await quorumOf(w1), false)
  assert.equal(await quorumOf(w1, w1, w1), false)
  assert.equal(await quorumOf(w1, w3, w4), false)
  assert.equal(await quorumOf(w1, w2), true)
  assert.equal(await quorumOf(quantum, w2), true)
  const { cosignatures } = await judge(TWO_OF_THREE, [log, w2, w1])
  assert.deepEqual(cosignatures, [
    { name: 'one', time: BigInt(clock.now() / 1000) },
    { name: 'two', time: BigInt(clock.now() / 1000) },
  ])
})

test('judgeCheckpoint() refuses another origin, a part of one, and a note that only witnesses signed', async () => {
  for (const origin of ['log.example.evil', 'og.example', 'log.exampl', 'other.example']) {
    const note = await signNote(formatCheckpoint({ origin, size: 5, root: seed(9) }), [log, w1, w2])
    const judged = judgeCheckpoint(readCheckpoint(note), await parse(TWO_OF_THREE), nodeCryptography)
    await assert.rejects(judged, { code: 'policy-log' }, origin)
  }
  await assert.rejects(judge(TWO_OF_THREE, [w1, w2]), { code: 'policy-log' })
})

test('writeDefaultPolicy() wants more than half of the stations and one from outside', async () => {
  const entry = (name: string, { vkey }: Witness) => ({ name, vkeys: [vkey] })
  const stations = [entry('s1', w1), entry('s2', w2), entry('s3', w3)]
  const text = writeDefaultPolicy({ logs: [{ vkey: log.vkey }], stations, outside: [entry('o1', w4)] })
  const { quorum } = await parse(text)
  assert.equal(holdsQuorum(quorum, new Set(['s1', 's2', 's3'])), false)
  assert.equal(holdsQuorum(quorum, new Set(['s1', 'o1'])), false)
  assert.equal(holdsQuorum(quorum, new Set(['s1', 's3', 'o1'])), true)
  const alone = await parse(writeDefaultPolicy({ logs: [{ vkey: log.vkey }], stations, outside: [] }))
  assert.equal(holdsQuorum(alone.quorum, new Set(['s1'])), false)
  assert.equal(holdsQuorum(alone.quorum, new Set(['s1', 's2'])), true)
  const broken = { logs: [{ vkey: log.vkey }], stations: [{ name: 'a\nquorum none', vkeys: [w1.vkey] }], outside: [] }
  assert.throws(() => writeDefaultPolicy(broken), { code: 'policy' })
  assert.throws(() => writeDefaultPolicy({ logs: [], stations, outside: [] }), { code: 'policy' })
})

test('a witness with two keys counts once, and a policy that would count it twice is refused', async () => {
  const [classic, after] = [ed25519From(seed(31)), mlDsa44From(seed(32))].map((privateKey) =>
    cosigner({ name: 'both.example', privateKey, clock }),
  ) as [Witness, Witness]
  const lines = `log ${log.vkey}\nwitness a ${classic.vkey}\nwitness b ${after.vkey}\nwitness c ${w1.vkey}\n`
  for (const groups of [
    'group g 2 a b c\nquorum g\n',
    'group g all a b\nquorum g\n',
    'group d any a\ngroup e any b\ngroup g all d e\nquorum g\n',
    'group d any b c\ngroup g 2 a d\nquorum g\n',
  ])
    await assert.rejects(parse(lines + groups), { code: 'policy', message: /both.example has 2 keys/ }, groups)
  for (const groups of ['quorum none\n', 'quorum a\n', 'group g 2 a c\nquorum g\n', 'group g any a b c\nquorum g\n'])
    await parse(lines + groups)
  const stations = [
    { name: 's1', vkeys: [classic.vkey, after.vkey] },
    { name: 's2', vkeys: [w1.vkey] },
    { name: 's3', vkeys: [w2.vkey] },
  ]
  const text = writeDefaultPolicy({ logs: [{ vkey: log.vkey }], stations, outside: [] })
  assert.equal((await judge(text, [log, classic, after])).quorum, false)
  assert.equal((await judge(text, [log, after, w1])).quorum, true)
})

test('readPolicy() throws nothing but faults', async () => {
  const token = fc.constantFrom(
    'log',
    'witness',
    'group',
    'quorum',
    'none',
    'all',
    '2',
    'a',
    'b',
    '\t',
    '#',
    w1.vkey,
    w2.vkey,
  )
  const text = fc.array(
    fc.array(token, { maxLength: 6 }).map((words) => words.join(' ')),
    { maxLength: 8 },
  )
  await fc.assert(
    fc.asyncProperty(text, async (lines) => {
      try {
        const { quorum } = await parse(`${lines.join('\n')}\n`)
        assert.equal(holdsQuorum(quorum, new Set()), quorum.threshold === 0)
      } catch (thrown) {
        assert.equal(isFault(thrown), true, String(thrown))
      }
    }),
    { numRuns: 300 },
  )
})
