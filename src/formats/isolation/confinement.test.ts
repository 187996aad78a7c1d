import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../testing/folders.ts'
import { confinedArguments, HEAP_MEGABYTES, readableRoots } from './confinement.ts'

/** Tries what a reader must not be able to do, and says how each attempt ended. */
const PROBE = `
import { readFileSync, writeFileSync, readdirSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { Worker } from 'node:worker_threads'
const attempt = (what) => { try { what(); return 'done' } catch (error) { return error.code ?? error.name } }
console.log(JSON.stringify({
  artefact: attempt(() => readFileSync(process.env.NONE ?? ARTEFACT)),
  passwords: attempt(() => readFileSync('/etc/passwd')),
  sibling: attempt(() => readFileSync(SIBLING)),
  listing: attempt(() => readdirSync('/')),
  write: attempt(() => writeFileSync(ARTEFACT + '.new', 'x')),
  overwrite: attempt(() => writeFileSync(ARTEFACT, 'x')),
  spawn: attempt(() => { const { error } = spawnSync('/bin/true'); if (error) throw error }),
  worker: attempt(() => new Worker('0', { eval: true })),
  addon: attempt(() => process.dlopen({ exports: {} }, '/lib/x86_64-linux-gnu/libc.so.6')),
  code: attempt(() => new Function('return 1')),
  environment: Object.keys(process.env),
}))
`

test('confinedArguments() starts a process that can read its artefact and nothing else', (context) => {
  const folder = temporaryFolder(context)
  const artefact = join(folder, 'model', 'weights')
  const sibling = join(folder, 'secret')
  const probe = join(folder, 'probe', 'probe.mjs')
  for (const name of ['model', 'probe']) mkdirSync(join(folder, name))
  writeFileSync(artefact, 'w')
  writeFileSync(sibling, 's')
  writeFileSync(
    probe,
    PROBE.replaceAll('ARTEFACT', JSON.stringify(artefact)).replaceAll('SIBLING', JSON.stringify(sibling)),
  )
  const program = { file: probe, folders: [] }
  const started = confinedArguments({ program, files: [artefact], heapMegabytes: HEAP_MEGABYTES })
  const said: unknown = JSON.parse(execFileSync(process.execPath, started, { env: {}, encoding: 'utf8' }))
  const denied = 'ERR_ACCESS_DENIED'
  assert.deepEqual(said, {
    artefact: 'done',
    passwords: denied,
    sibling: denied,
    listing: denied,
    write: denied,
    overwrite: denied,
    spawn: denied,
    worker: denied,
    addon: 'ERR_DLOPEN_DISABLED',
    code: 'EvalError',
    environment: [],
  })
})

test('readableRoots() covers every file with as few folders as it can', () => {
  assert.deepEqual(readableRoots(['/m/a.gguf']), ['/m/a.gguf'])
  assert.deepEqual(readableRoots(['/m/a', '/m/b', '/m/sub/c', '/m/sub/deeper/d']), ['/m'])
  assert.deepEqual(readableRoots(['/m/a', '/mm/b']), ['/m', '/mm'])
  const many = Array.from({ length: 100 }, (_, index) => `/cache/blobs/${index}/file`)
  assert.deepEqual(readableRoots(many), ['/cache/blobs'])
})
