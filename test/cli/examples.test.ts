/** The examples are what their README says: small, licensed, readable in full, and one of them would speak. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { jsonOf, ROOT, runTidewaiter } from './program.ts'

const MODELS = ['birch', 'oak', 'oak-q40', 'oak-sft']
const folder = join(ROOT, 'examples')

test('examples take at most 3 MB, and each names its licence and, where it has one, its parent', () => {
  const files = globSync('**/*', { cwd: folder }).filter((path) => statSync(join(folder, path)).isFile())
  const bytes = files.reduce((sum, path) => sum + statSync(join(folder, path)).size, 0)
  assert.ok(bytes <= 3_000_000, `${bytes} bytes`)
  for (const name of [...MODELS, 'pickle']) {
    const card = readFileSync(join(folder, name, 'README.md'), 'utf8')
    assert.match(card, /^---\n(?:.*\n)*?license: (?:apache-2\.0|cc0-1\.0)\n/)
    assert.equal(/^base_model: oak$/m.test(card), name.startsWith('oak-'))
  }
})

for (const name of MODELS) {
  test(`inspect reads examples/${name} in full and has nothing to object`, async () => {
    const run = await runTidewaiter(['inspect', `examples/${name}`, '--format', 'json', '--quiet'])
    const { verdict, findings, files } = jsonOf(run)
    assert.deepEqual([run.status, verdict, findings], [0, 'no-finding', []])
    assert.ok(files.every(({ reading }: { reading: string }) => reading === 'full'))
  })
}

const python = spawnSync('python3', ['--version']).status === 0

test('examples/pickle speaks when Python loads it', { skip: python ? false : 'no python3 on this machine' }, () => {
  const script = 'import pickle, sys; pickle.load(open(sys.argv[1], "rb"))'
  const { stdout } = spawnSync('python3', ['-c', script, join(folder, 'pickle/cargo.pkl')], { encoding: 'utf8' })
  assert.equal(stdout, 'tidewaiter-example: this file was loaded\n')
})
