import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { temporaryFolder } from '../../testing/folders.ts'
import { openWitnessFile } from './state.ts'

/** Goes up from what it finds and says each number once it is stored. */
const CLIMBER = `
const { openWitnessFile } = await import(process.argv[1])
const state = openWitnessFile(process.argv[2])
for (;;) {
  const known = await state.read('log')
  const next = String(Number(known ?? 0) + 1)
  if (await state.replace('log', known, next)) process.stdout.write(next + '\\n')
}`

test('a witness that is killed at any moment has what it answered, and two at once never answer the same', async (context) => {
  const path = `${temporaryFolder(context)}/witness.sqlite`
  const module = join(import.meta.dirname, 'state.ts')
  const said: number[] = []
  for (let round = 0; round < 4; round++) {
    const climbers = [0, 1].map(() => spawn(process.execPath, ['--input-type=module', '-e', CLIMBER, module, path]))
    const texts = climbers.map(async ({ stdout }) => {
      let text = ''
      for await (const part of stdout) text += String(part)
      return text
    })
    await Promise.race(climbers.map(({ stdout }) => once(stdout, 'readable')))
    await setTimeout(20 + 37 * round)
    for (const climber of climbers) climber.kill('SIGKILL')
    const answered = (await Promise.all(texts)).flatMap((text) => text.split('\n').slice(0, -1).map(Number))
    said.push(...answered)
    const state = openWitnessFile(path)
    assert.ok(Number(await state.read('log')) >= Math.max(...said))
    state.close()
  }
  assert.ok(said.length >= 4)
  assert.equal(new Set(said).size, said.length)
})
