import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complaints } from './plant.ts'
import { blocksOf, snippets } from './snippets.ts'

const MODULE = { 'src/verify.ts': 'export const answer: number = 42\n' }
const block = (info: string, code: string) => `\`\`\`${info}\n${code}\n\`\`\`\n`

test('snippets runs a module that imports the package as a user would', async (context) => {
  const code =
    "import { answer } from 'tidewaiter/verify'\nconst twice: number = answer * 2\nif (twice !== 84) throw new Error()"
  assert.deepEqual(await complaints(snippets, context, { ...MODULE, 'README.md': block('ts run', code) }), [])
})

test('snippets reports a module and a command that fail', async (context) => {
  const page = `# Use\n${block('ts run', "throw new Error('broken')")}${block('sh run', 'false | true')}${block('sh', 'false')}`
  const found = await complaints(snippets, context, { ...MODULE, 'docs/guide/use.md': page })
  assert.match(found[0] ?? '', /^docs\/guide\/use\.md:2 the block ends with 1: .*broken/s)
  assert.match(found[1] ?? '', /^docs\/guide\/use\.md:5 the block ends with 1/)
  assert.equal(found.length, 2)
})

test('snippets holds the output that a page shows against what is printed', async (context) => {
  const page = (shown: string) => `${block('sh run', 'echo cleared')}\n${block('text', shown)}`
  assert.deepEqual(await complaints(snippets, context, { ...MODULE, 'README.md': page('cleared') }), [])
  assert.match(
    (await complaints(snippets, context, { ...MODULE, 'README.md': page('refused') }))[0] ?? '',
    /prints "cleared"/,
  )
})

test('snippets takes no text of the next page for the output of the last block of a page', async (context) => {
  const pages = { 'docs/a.md': `\n\n${block('sh run', 'echo cleared')}`, 'docs/b.md': block('text', 'refused') }
  assert.deepEqual(await complaints(snippets, context, { ...MODULE, ...pages }), [])
})

test('blocksOf() knows where each block stands', () => {
  const found = blocksOf('a.md', `one\n${block('sh', 'x\ny')}\n${block('', 'z')}`)
  assert.deepEqual(
    found.map(({ line, info, code, end }) => [line, info, code, end]),
    [
      [2, 'sh', 'x\ny', 5],
      [7, '', 'z', 9],
    ],
  )
})
