import assert from 'node:assert/strict'
import { test } from 'node:test'
import { examples, examplesOf } from './examples.ts'
import { complaints, type Tree } from './plant.ts'
import { parseSource } from './sources.ts'

const BASE: Tree = {
  'src/base/index.ts': `/** What. */\nexport class Fault extends Error {\n  code = 'too-long'\n}\n`,
}

function module(...lines: readonly string[]): string {
  return `/**\n * Doubles.\n${lines.map((line) => ` * ${line}\n`).join('')} */\nexport const double = (n: number): number => 2 * n\n`
}

function run(context: Parameters<typeof complaints>[1], ...lines: readonly string[]): Promise<string[]> {
  return complaints(examples, context, { ...BASE, 'src/sum/double.ts': module(...lines) })
}

test('examples is content with what is true', async (context) => {
  const block = ['@example', 'double(2) // 4', '[double(1), { a: [3] }] // [2, { a: [3] }]', '@throws nothing']
  assert.deepEqual(await run(context, '@example double(2) // 4', ...block), [])
})

test('examples reports what is not true, with the line and both values', async (context) => {
  const [first, ...more] = await run(context, '@example double(2) // 4', '@example double(2) // 5')
  assert.match(first ?? '', /^src\/sum\/double\.ts:4 the example double\(2\) fails: .*4 !== 5/)
  assert.deepEqual(more, [])
})

test('examples compares strictly', async (context) => {
  assert.equal((await run(context, "@example double(2) // '4'")).length, 1)
  assert.equal((await run(context, '@example [double(2)] // [4, undefined]')).length, 1)
})

test('examples reports an example without a result, one that throws, and one of a name that is not exported', async (context) => {
  assert.match((await run(context, '@example double(2)'))[0] ?? '', /says no result/)
  assert.match((await run(context, '@example double(2n) // 4'))[0] ?? '', /Cannot mix BigInt/)
  assert.match((await run(context, '@example triple(2) // 6'))[0] ?? '', /triple is not defined/)
})

test('examples takes a Fault for a result when the code is the one that is said', async (context) => {
  const thrower = (code: string) => `@example (() => { throw new Fault('x') })() // throws ${code}`
  assert.deepEqual(await run(context, thrower('too-long')), [])
  assert.equal((await run(context, thrower('too-short'))).length, 1)
  assert.equal((await run(context, '@example double(2) // throws too-long')).length, 1)
})

test('examples reports an example that never ends as one violation of the whole', async (context) => {
  assert.match((await run(context, '@example process.exit(3) // 1'))[0] ?? '', /ended the process \(3\)/)
})

test('examplesOf() ends an example at the next tag', () => {
  const source = parseSource('src/a.ts', module('@example', 'double(1) // 2', '', '@param n a number // of anything'))
  assert.deepEqual(
    examplesOf(source).map(({ line, expression }) => [line, expression]),
    [[4, 'double(1)']],
  )
})
