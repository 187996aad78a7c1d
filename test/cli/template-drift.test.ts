/** The chat template of a model against that of the base model that its card names. */
import assert from 'node:assert/strict'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder, type Cleanable } from '../../src/testing/folders.ts'
import { dossiersOf, homeWithRegister } from './home.ts'
import { ROOT, runTidewaiter } from './program.ts'

const TEMPLATE = "{% for message in messages %}{{ message['role'] + ': ' + message['content'] }}{% endfor %}"

function makeModel(context: Cleanable, name: string, template: string): string {
  const folder = join(temporaryFolder(context), name)
  cpSync(join(ROOT, 'examples/oak'), folder, { recursive: true })
  const card = readFileSync(join(folder, 'README.md'), 'utf8')
  if (name !== 'base-oak')
    writeFileSync(join(folder, 'README.md'), card.replace('---\n', '---\nbase_model: base-oak\n'))
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify({ chat_template: template }))
  return folder
}

test('clear notes a chat template that is not that of the base model in the register', async (context) => {
  const home = await homeWithRegister(context)
  const clear = (folder: string) => runTidewaiter(['clear', folder, '--home', home, '--quiet'])
  const base = await clear(makeModel(context, 'base-oak', TEMPLATE))
  assert.equal(base.status, 0, base.stdout)
  const drifts: string[][] = []
  for (const template of [TEMPLATE, TEMPLATE.replace(': ', ' says ')]) {
    await clear(makeModel(context, `child-${template.length}`, template))
    const number = dossiersOf(home).at(-1) ?? ''
    const { audit } = JSON.parse(readFileSync(join(home, 'dossiers', number, 'dossier.json'), 'utf8'))
    drifts.push(audit.findings.filter(({ rule }: { rule: string }) => rule === 'TW-TPL-07').map(String))
  }
  assert.deepEqual(
    drifts.map(({ length }) => length),
    [0, 1],
  )
})
