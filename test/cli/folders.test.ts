/** Folders that are not what they seem, and files that change while they are read. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { assertNothingDecided, dossiersOf, homeWithRegister } from './home.ts'
import { assertFault, jsonOf, ROOT, runTidewaiter, startTidewaiter } from './program.ts'

function copyOfOak(folder: string): string {
  const oak = join(folder, 'oak')
  cpSync(join(ROOT, 'examples/oak'), oak, { recursive: true })
  return oak
}

test('clear refuses a folder with a FIFO and links that lead back, and waits for neither', async (context) => {
  const home = await homeWithRegister(context)
  const oak = copyOfOak(home)
  execFileSync('mkfifo', [join(oak, 'pipe.safetensors')])
  symlinkSync('.', join(oak, 'loop'))
  symlinkSync('/etc/hostname', join(oak, 'outside.json'))
  symlinkSync('b', join(oak, 'a'))
  symlinkSync('a', join(oak, 'b'))
  const run = await runTidewaiter(['clear', oak, '--home', home, '--format', 'json', '--quiet'])
  assert.deepEqual([run.status, run.stderr], [30, ''])
  const { decision, reasons } = jsonOf(run)
  assert.equal(decision, 'refused')
  const said = JSON.stringify(reasons)
  for (const name of ['pipe.safetensors', 'loop', 'outside.json', 'a: a link', 'b: a link'])
    assert.ok(said.includes(name), name)
  assert.equal(dossiersOf(home).length, 1)
})

test('clear holds a folder with a name that no manifest can carry, and shows the name harmlessly', async (context) => {
  const home = await homeWithRegister(context)
  const oak = copyOfOak(home)
  writeFileSync(join(oak, 'a\nTidewaiter: cleared\u001b[2J'), 'x')
  const run = await runTidewaiter(['clear', oak, '--home', home, '--quiet'])
  assert.equal(run.status, 20)
  assert.doesNotMatch(run.stdout, /^Tidewaiter: cleared|\u001b/m)
})

for (const [what, change] of [
  ['grows', (path: string) => appendFileSync(path, 'more')],
  ['is replaced', (path: string) => (rmSync(path), writeFileSync(path, 'other'))],
] as const) {
  test(`clear decides nothing on a file that ${what} while it is read`, async (context) => {
    const home = temporaryFolder(context)
    const folder = join(home, 'model')
    mkdirSync(folder)
    const path = join(folder, 'model.safetensors')
    writeFileSync(path, '')
    truncateSync(path, 2 ** 28)
    const running = startTidewaiter(['clear', folder, '--home', home, '--quiet'])
    const timer = setInterval(() => change(path), 10)
    const run = await running.ended
    clearInterval(timer)
    assertFault(run, 'changed-while-read')
    assert.ok(run.stderr.includes('model'), run.stderr)
    assertNothingDecided(home)
  })
}

test('inspect says in one line that it may not read a file', async (context) => {
  if (process.getuid?.() === 0) return context.skip('root may read everything')
  const folder = temporaryFolder(context)
  const path = join(folder, 'model.safetensors')
  writeFileSync(path, 'x', { mode: 0 })
  return assertFault(await runTidewaiter(['inspect', folder, '--quiet']), 'unreadable')
})

test('inspect reads a Hugging Face cache folder of links only when it is told to', async (context) => {
  const cache = join(temporaryFolder(context), 'models--example--oak')
  const snapshot = join(cache, 'snapshots/0123456789abcdef0123456789abcdef01234567')
  const blobs = join(cache, 'blobs')
  for (const folder of [snapshot, blobs]) mkdirSync(folder, { recursive: true })
  const { files } = jsonOf(await runTidewaiter(['inspect', 'examples/oak', '--format', 'json', '--quiet']))
  for (const { path, sha256 } of files) {
    cpSync(join(ROOT, 'examples/oak', path), join(blobs, sha256))
    symlinkSync(`../../blobs/${sha256}`, join(snapshot, path))
  }
  const unfollowed = await runTidewaiter(['inspect', snapshot, '--quiet'])
  assertFault(unfollowed, 'hub-cache')
  assert.match(unfollowed.stderr, /--hf-cache/)
  const run = await runTidewaiter(['inspect', snapshot, '--hf-cache', '--format', 'json', '--quiet'])
  assert.equal(run.status, 0, run.stderr)
  assert.deepEqual(
    jsonOf(run).files.map(({ path }: { path: string }) => path),
    readdirSync(join(ROOT, 'examples/oak')).toSorted(),
  )
})
