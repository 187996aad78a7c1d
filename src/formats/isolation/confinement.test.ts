import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Cleanable, temporaryFolder } from '../../testing/folders.ts'
import { confinedCommand, FIRST_FILE, HEAP_MEGABYTES } from './confinement.ts'
import { findNamespaces, type Prefix } from './namespaces.ts'

/** Tries what a reader must not be able to do, and says how each attempt ended. */
const PROBE = `
import { readFileSync, readSync, writeFileSync, writeSync, readdirSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { connect } from 'node:net'
import { Worker } from 'node:worker_threads'
const attempt = (what) => { try { what(); return 'done' } catch (error) { return error.code ?? error.name } }
const reach = (where) => new Promise((resolve) => {
  const socket = connect(where)
  socket.on('connect', () => resolve('done'))
  socket.on('error', (error) => resolve(error.code))
})
const said = {
  artefact: attempt(() => readSync(${FIRST_FILE}, Buffer.alloc(1), 0, 1, 0)),
  writing: attempt(() => writeSync(${FIRST_FILE}, 'x', 0)),
  path: attempt(() => readFileSync(ARTEFACT)),
  passwords: attempt(() => readFileSync('/etc/passwd')),
  sibling: attempt(() => readFileSync(SIBLING)),
  listing: attempt(() => readdirSync('/')),
  write: attempt(() => writeFileSync(ARTEFACT + '.new', 'x')),
  overwrite: attempt(() => writeFileSync(ARTEFACT, 'x')),
  spawn: attempt(() => { const { error } = spawnSync('/bin/true'); if (error) throw error }),
  worker: attempt(() => new Worker('0', { eval: true })),
  addon: attempt(() => process.dlopen({ exports: {} }, '/lib/x86_64-linux-gnu/libc.so.6')),
  code: attempt(() => new Function('return 1')),
  parent: attempt(() => process.kill(PARENT, 0)),
  socket: await reach({ port: PORT, host: '127.0.0.1' }),
  service: await reach('/run/service.sock'),
  environment: Object.keys(process.env),
}
console.log(JSON.stringify(said))
process.exit()
`

const DENIED = 'ERR_ACCESS_DENIED'
const BY_PERMISSIONS = {
  artefact: 'done',
  writing: 'EBADF',
  path: DENIED,
  passwords: DENIED,
  sibling: DENIED,
  listing: DENIED,
  write: DENIED,
  overwrite: DENIED,
  spawn: DENIED,
  worker: DENIED,
  addon: 'ERR_DLOPEN_DISABLED',
  code: 'EvalError',
  environment: [],
}

async function listen(context: Cleanable): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  context.after(() => server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  return (server.address() as { port: number }).port
}

async function probe(context: Cleanable, namespaces: Prefix | undefined): Promise<Record<string, unknown>> {
  const folder = temporaryFolder(context)
  const artefact = join(folder, 'model', 'weights')
  const sibling = join(folder, 'secret')
  const program = join(folder, 'probe', 'probe.mjs')
  for (const name of ['model', 'probe']) mkdirSync(join(folder, name))
  writeFileSync(artefact, 'w')
  writeFileSync(sibling, 's')
  const words = { ARTEFACT: artefact, SIBLING: sibling, PARENT: process.pid, PORT: await listen(context) }
  const text = Object.entries(words).reduce((all, [word, value]) => all.replaceAll(word, JSON.stringify(value)), PROBE)
  writeFileSync(program, text)
  const confinement = { program: { file: program, folders: [] }, heapMegabytes: HEAP_MEGABYTES, namespaces }
  const [command, ...rest] = confinedCommand(confinement)
  const fd = openSync(artefact, 'r')
  context.after(() => closeSync(fd))
  const stdio = ['ignore' as const, 'pipe' as const, 'inherit' as const, fd]
  return JSON.parse(execFileSync(command, rest, { env: {}, encoding: 'utf8', stdio })) as Record<string, unknown>
}

test('confinedCommand() starts a process that can read the file that it is given and nothing else', async (context) => {
  const { parent: _parent, socket: _socket, service: _service, ...said } = await probe(context, undefined)
  assert.deepEqual(said, BY_PERMISSIONS)
})

const namespaces = findNamespaces()
const skip = namespaces === undefined ? 'this system does not allow namespaces' : false

test('findNamespaces() leaves no network, no process, no service to reach', { skip }, async (context) => {
  const { parent, socket, service, ...said } = await probe(context, namespaces)
  assert.deepEqual(said, { ...BY_PERMISSIONS, environment: said['environment'] })
  assert.deepEqual([parent, socket, service], ['ESRCH', 'ENETUNREACH', 'EACCES'])
})
