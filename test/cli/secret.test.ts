/** Secret models from the command line: kits, their registration and opening, seals, two secrets. */
import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { assertFault, jsonOf, runTidewaiter, startTidewaiter } from './program.ts'
import { assertContract, type ContractName } from './schemas.ts'

async function run(words: readonly string[], contract: ContractName) {
  const done = await runTidewaiter([...words, '--format', 'json', '--quiet'])
  assert.deepEqual([done.status, done.stderr], [0, ''])
  const value = jsonOf(done)
  assertContract(contract, value)
  return value
}

function writeKey(folder: string, name: string, digits: string): string {
  const path = join(folder, name)
  writeFileSync(path, digits.repeat(32), { mode: 0o600 })
  return path
}

test('kit make, examine, challenge, open and check-opening work together', async (context) => {
  const home = temporaryFolder(context)
  const at = (name: string): string => join(home, name)
  const key = writeKey(home, 'kit.key', '07')
  const common = ['--home', home]
  const made = await run(['kit', 'make', 'examples/oak', '--key', key, '--out', at('oak.kit'), ...common], 'kit-made')
  assertContract('secret-kit', JSON.parse(readFileSync(at('oak.kit'), 'utf8')))
  assert.equal(made.size, statSync(at('oak.kit')).size)
  const kit = ['--kit', at('oak.kit'), '--key', key, ...common]
  assert.equal((await run(['kit', 'examine', 'examples/oak-q40', ...kit], 'comparison')).verdict, 'common-origin')
  assert.equal((await run(['kit', 'examine', 'examples/birch', ...kit], 'comparison')).verdict, 'no-weight-evidence')
  const challenge = ['--challenge', at('challenge.json')]
  await run(['kit', 'challenge', at('oak.kit'), '--beacon', 'round 7', '--out', at('challenge.json')], 'kit-challenge')
  await run(['kit', 'open', 'examples/oak', ...kit, ...challenge, '--out', at('opening')], 'kit-opening')
  assert.equal(
    (await run(['kit', 'check-opening', at('opening'), ...kit, ...challenge], 'opening-check')).verdict,
    'holds',
  )
  writeFileSync(at('opening/tensor-0.bin'), readFileSync(at('opening/tensor-1.bin')))
  assert.equal(
    (await run(['kit', 'check-opening', at('opening'), ...kit, ...challenge], 'opening-check')).verdict,
    'contradicted',
  )
})

test('kit register, list and dispute show keep who came first, and open a dispute for kin', async (context) => {
  const home = temporaryFolder(context)
  const at = (name: string): string => join(home, name)
  const common = ['--home', home]
  for (const name of ['oak', 'oak-sft'])
    await run(
      ['kit', 'make', `examples/${name}`, '--seed-from-registry', '--out', at(`${name}.kit`), ...common],
      'kit-made',
    )
  assert.equal(statSync(at('oak.kit.key')).mode & 0o077, 0)
  const first = await run(['kit', 'register', at('oak.kit'), '--registrant', 'Ada', ...common], 'kit-registered')
  assert.deepEqual(first.disputes, [])
  const second = await run(['kit', 'register', at('oak-sft.kit'), '--registrant', 'Bob', ...common], 'kit-registered')
  assert.deepEqual([second.disputes.length, second.disputes[0]?.other], [1, first.id])
  const { kits } = await run(['kit', 'list', ...common], 'kit-list')
  assert.deepEqual(
    kits.map(({ registrant }: { registrant: string }) => registrant),
    ['Ada', 'Bob'],
  )
  const { disputes } = await run(['kit', 'dispute', 'show', second.id, ...common], 'kit-disputes')
  assert.equal(disputes[0]?.kind, 'earlier-kit')
})

test('seal and seal identify name the recipient of a copy and nobody else', async (context) => {
  const home = temporaryFolder(context)
  const key = writeKey(home, 'seal.key', '03')
  const out = join(home, 'for-ada')
  const seal = ['seal', 'examples/oak', '--recipient', 'Ada', '--key', key, '--out', out, '--home', home]
  await run(seal, 'sealed-release')
  assertContract('sealed-release', JSON.parse(readFileSync(`${out}.seal.json`, 'utf8')))
  writeFileSync(join(home, 'names'), 'Bob\nAda\nEve\n')
  const against = ['--original', 'examples/oak', '--recipients', join(home, 'names'), '--key', key, '--home', home]
  assert.deepEqual((await run(['seal', 'identify', out, ...against], 'seal-identification')).named, ['Ada'])
  assert.deepEqual((await run(['seal', 'identify', 'examples/birch', ...against], 'seal-identification')).named, [])
  const quantised = ['seal', 'examples/oak-q40', '--recipient', 'Ada', '--key', key, '--out', `${out}2`, '--home', home]
  assertFault(await runTidewaiter(quantised), 'seal-crosses-blocks')
})

test('kit two-party tells two processes whether their models reach the cosine', async (context) => {
  const home = temporaryFolder(context)
  const key = writeKey(home, 'shared.key', '05')
  for (const [other, reached] of [
    ['oak-sft', true],
    ['birch', false],
  ] as const) {
    const [dealt, meeting] = [join(home, `dealt-${other}`), join(home, `meeting-${other}`)]
    await run(['kit', 'two-party', 'deal', '--out', dealt, '--home', home], 'two-party-terms')
    const joining = (ref: string, party: number): string[] => [
      'kit',
      'two-party',
      'join',
      `examples/${ref}`,
      '--key',
      key,
      '--dealt',
      join(dealt, `party-${party}.json`),
      '--out',
      meeting,
      '--home',
      home,
      '--format',
      'json',
      '--quiet',
    ]
    const running = startTidewaiter(joining('oak', 0))
    const second = jsonOf(await runTidewaiter(joining(other, 1)))
    const first = jsonOf(await running.ended)
    for (const answer of [first, second]) assertContract('two-party-answer', answer)
    assert.deepEqual([first.reached, second.reached], [reached, reached])
    assertFault(await runTidewaiter(joining('oak', 0)), 'no-such-file')
  }
})

test('kit and seal say what they miss', async (context) => {
  const home = temporaryFolder(context)
  const open = join(home, 'open.key')
  writeFileSync(open, '07'.repeat(32), { mode: 0o644 })
  assertFault(await runTidewaiter(['kit', 'fly', '--home', home]), 'usage', 2)
  assertFault(await runTidewaiter(['kit', 'make', 'examples/oak', '--out', 'x', '--home', home]), 'usage', 2)
  assertFault(
    await runTidewaiter(['kit', 'make', 'examples/oak', '--key', open, '--out', 'x', '--home', home]),
    'key-exposed',
  )
  assertFault(await runTidewaiter(['seal', 'examples/oak', '--home', home]), 'usage', 2)
})
