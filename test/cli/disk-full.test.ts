/** A disk without room, in each place where something is written. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { startHub } from '../../src/testing/hub-server.ts'
import { assertNothingDecided, dossiersOf, homeWithRegister } from './home.ts'
import { assertFault, ROOT, runTidewaiter } from './program.ts'

function whyNot(): string | false {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can mount a small disk'
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' })
    return false
  } catch {
    return 'no tmpfs can be mounted here'
  }
}

const options = { skip: whyNot() }

/** Mounts a disk of so many KiB while something is done. */
async function withSmallDisk(folder: string, kib: number, use: () => Promise<void>): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k,mode=0700`, 'none', folder])
  try {
    await use()
  } finally {
    execFileSync('umount', ['--lazy', folder])
  }
}

const NO_ROOM = /ENOSPC|no space|no room|disk full/i

test('clear into a home without room ends in one line and decides nothing', options, async (context) => {
  const home = join(temporaryFolder(context), 'home')
  await withSmallDisk(home, 1024, async () => {
    const run = await runTidewaiter(['clear', 'examples/oak', '--home', home, '--quiet'])
    assertFault(run, /./)
    assertNothingDecided(home)
    assert.match(run.stderr, NO_ROOM)
    assert.ok(!readdirSync(join(home, 'register')).some((name) => name.startsWith('pglite')))
  })
})

for (const [place, kib] of [
  ['work', 4],
  ['keys', 4],
  ['dossiers', 64],
] as const) {
  test(`clear without room for ${place} enters nothing, and goes on when there is room`, options, async (context) => {
    const home = await homeWithRegister(context)
    const words = ['clear', 'examples/oak', '--home', home, '--quiet']
    await withSmallDisk(join(home, place), kib, async () => {
      const run = await runTidewaiter(words)
      assertFault(run, /./)
      assert.match(run.stderr, NO_ROOM)
      if (place === 'dossiers') assert.match(run.stderr, /certificate \d{12} stands in the log already/)
      assertNothingDecided(home)
      assert.ok(!readdirSync(join(home, place), { recursive: true }).some((name) => String(name).endsWith('part')))
    })
    const again = await runTidewaiter(words)
    assert.equal(again.status, 0, again.stderr)
    assert.equal(dossiersOf(home).length, 1)
  })
}

test('clear without room for a download says so and keeps nothing under a final name', options, async (context) => {
  const files = new Map([['model.safetensors', readFileSync(join(ROOT, 'examples/oak/model.safetensors'))]])
  const hub = await startHub(context, { id: 'example/oak', files, large: ['model.safetensors'] })
  const home = temporaryFolder(context)
  await withSmallDisk(join(home, 'downloads'), 200, async () => {
    const env = { HF_ENDPOINT: hub.url }
    const run = await runTidewaiter(['clear', 'hf:example/oak', '--home', home, '--quiet'], { env })
    assertFault(run, 'disk-full')
    assert.deepEqual(readdirSync(join(home, 'downloads/blobs')), [])
    assertNothingDecided(home)
  })
})

test('fingerprint without room leaves no file', options, async (context) => {
  const folder = join(temporaryFolder(context), 'small')
  await withSmallDisk(folder, 4, async () => {
    const out = join(folder, 'oak.twf')
    assertFault(await runTidewaiter(['fingerprint', 'examples/oak', '--out', out, '--quiet']), 'cannot-write')
    assert.deepEqual(readdirSync(folder), [])
  })
})
