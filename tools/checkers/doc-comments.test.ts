import assert from 'node:assert/strict'
import { test } from 'node:test'
import { docComments, judgeComments } from './doc-comments.ts'
import { complaints } from './plant.ts'
import { parseSource } from './sources.ts'

function judge(text: string): string[] {
  return judgeComments(parseSource('src/a.ts', text)).map(({ line, message }) => `${line} ${message}`)
}

test('judgeComments() is content with a header and a comment on each export', () => {
  const text =
    "/** What it is. */\nimport 'x'\n\n/** One. */\nexport const one = 1\n\n/** Two. */\nexport interface Two {}\n"
  assert.deepEqual(judge(text), [])
})

test('judgeComments() reports every kind of export that has no comment', () => {
  const text = `/** What it is. */
export const one = 1
export function two() {}
export class Three {}
export interface Four {}
export type Five = 5
export async function six() {}
`
  assert.equal(judge(text).length, 6)
  assert.equal(judge(text)[0], '2 one is exported without a doc comment')
})

test('judgeComments() wants a header of its own, not the comment of the first export', () => {
  assert.deepEqual(judge('/** One. */\nexport const one = 1\n'), ['2 one is exported without a doc comment'])
  assert.deepEqual(judge("import 'x'\n/** One. */\nexport const one = 1\n"), ['1 does not open with a header comment'])
})

test('judgeComments() takes neither a plain nor an empty comment for a doc comment', () => {
  assert.equal(judge('/** What. */\n/* One. */\nexport const one = 1\n').length, 1)
  assert.equal(judge('/** What. */\n// One.\nexport const one = 1\n').length, 1)
  assert.equal(judge('/** What. */\n/** */\nexport const one = 1\n').length, 1)
})

test('judgeComments() allows a remark between a doc comment and its export', () => {
  assert.deepEqual(judge('/** What. */\n/** One. */\n// a remark\nexport const one = 1\n'), [])
})

test('judgeComments() asks no comment of a re-export', () => {
  assert.deepEqual(judge("/** What. */\nexport * from './b.ts'\nexport { c } from './c.ts'\n"), [])
})

test('doc-comments reports a planted export in src and leaves tests alone', async (context) => {
  const bare = '/** What. */\nexport const bare = 1\n'
  assert.deepEqual(await complaints(docComments, context, { 'src/a.ts': bare, 'src/a.test.ts': bare }), [
    'src/a.ts:2 bare is exported without a doc comment',
  ])
})
