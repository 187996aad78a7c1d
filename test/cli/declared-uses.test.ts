/** A use that is declared on the command line, against the licence of the model. */
import assert from 'node:assert/strict'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { homeWithRegister } from './home.ts'
import { assertFault, jsonOf, ROOT, runTidewaiter } from './program.ts'

function oakUnder(licence: string, context: TestContext): string {
  const copy = join(temporaryFolder(context), 'oak')
  cpSync(join(ROOT, 'examples/oak'), copy, { recursive: true })
  const card = join(copy, 'README.md')
  writeFileSync(card, readFileSync(card, 'utf8').replace('license: apache-2.0', `license: ${licence}`))
  return copy
}

async function findingsOf(...words: readonly string[]): Promise<readonly string[]> {
  const run = await runTidewaiter(['inspect', ...words, '--format', 'json', '--quiet'])
  return jsonOf(run).findings.map(({ rule }: { rule: string }) => rule)
}

test('inspect holds the licence against the uses that are declared, and against no other', async (context) => {
  const copy = oakUnder('cc-by-nc-4.0', context)
  assert.ok((await findingsOf(copy, '--use', 'commercial')).includes('TW-LIC-04'))
  assert.ok(!(await findingsOf(copy, '--use', 'medical')).includes('TW-LIC-04'))
  assert.ok(!(await findingsOf(copy)).includes('TW-LIC-04'))
  assertFault(await runTidewaiter(['inspect', copy, '--use', 'world peace']), 'usage', 2)
})

test('clear keeps the declared uses, and audit --again holds the licence against them', async (context) => {
  const home = await homeWithRegister(context)
  const copy = oakUnder('cc-by-nc-4.0', context)
  const cleared = await runTidewaiter(['clear', copy, '--use', 'commercial', '--home', home, '--quiet'])
  assert.match(cleared.stdout, /TW-LIC-04/)
  rmSync(copy, { recursive: true })
  const again = await runTidewaiter(['audit', '--again', '--home', home, '--all', '--quiet'])
  assert.match(again.stdout, /1 model audited again, 0 changed, 0 worse than before\n$/)
})
