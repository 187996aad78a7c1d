/** How the program is called: help, and words that it does not understand. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { assertNothingDecided } from './home.ts'
import { assertFault, ROOT, runTidewaiter } from './program.ts'

const COMMANDS = [
  'clear',
  'inspect',
  'fingerprint',
  'compare',
  'trace',
  'index',
  'deep',
  'verify',
  'serve',
  'policy',
  'config',
  'doctor',
]

test('tidewaiter without a word, or with --help, lists every command, its exit codes and an example', async () => {
  const runs = await Promise.all([runTidewaiter([]), runTidewaiter(['--help'])])
  for (const { status, stdout, stderr } of runs) {
    assert.equal(status, 0)
    assert.equal(stderr, '')
    for (const name of COMMANDS) assert.match(stdout, new RegExp(`^  ${name} +\\S`, 'm'))
    assert.match(stdout, /^Example:\n {2}tidewaiter clear examples\/oak$/m)
    assert.match(stdout, /20 held, 30 refused, 2 usage, 1 fault/)
  }
})

for (const name of COMMANDS) {
  test(`tidewaiter ${name} --help says what it takes, and shows an example`, async () => {
    const { status, stdout, stderr } = await runTidewaiter([name, '--help'])
    assert.equal(status, 0)
    assert.equal(stderr, '')
    assert.match(stdout, new RegExp(`^Usage: tidewaiter ${name} `, 'm'))
    assert.match(stdout, /^Examples?:\n {2}\S*( ?)tidewaiter/m)
    assert.match(stdout, /--format text\|json/)
  })
}

test('tidewaiter --version is one line', async () => {
  const { status, stdout } = await runTidewaiter(['--version'])
  assert.equal(status, 0)
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/)
})

for (const [what, words] of [
  ['an unknown command', ['smuggle', 'x']],
  ['an unknown option', ['inspect', 'examples/oak', '--fast']],
  ['an option without its value', ['inspect', 'examples/oak', '--format']],
  ['an unknown format', ['inspect', 'examples/oak', '--format', 'xml']],
  ['a missing argument', ['compare', 'examples/oak']],
  ['an argument too many', ['verify', 'a', 'b']],
  ['a reference without meaning', ['inspect', 'ftp://example.org/model']],
  ['a threads setting that is no number', ['fingerprint', 'examples/oak', '--threads', 'many']],
] as const) {
  test(`tidewaiter refuses ${what} with exit code 2 and one line`, async () => {
    assertFault(await runTidewaiter(words), /./, 2)
  })
}

test('tidewaiter shows what it does not understand with its control characters made visible', async () => {
  const run = await runTidewaiter(['\u001b[31mred\u202e'])
  assertFault(run, 'usage', 2)
  assert.doesNotMatch(run.stderr, /[\u001b\u202e]/)
})

test('tidewaiter refuses a configuration that it cannot read, and says where it stands', async (context) => {
  const folder = temporaryFolder(context)
  const bad = join(folder, 'bad.toml')
  writeFileSync(bad, 'logLevel = [')
  const unknown = join(folder, 'unknown.toml')
  writeFileSync(unknown, 'lgoLevel = "debug"\n')
  for (const file of [bad, unknown, join(folder, 'absent.toml')]) {
    const run = await runTidewaiter(['inspect', 'examples/oak', '--config', file])
    assertFault(run, 'bad-configuration', 2)
    assert.match(run.stderr, new RegExp(file.replaceAll('.', '\\.')))
  }
})

test('tidewaiter refuses a variable that it does not know, and one with a value that is not allowed', async () => {
  const unknown = await runTidewaiter(['config'], { env: { TIDEWAITER_HOEM: '/tmp' } })
  assertFault(unknown, 'bad-configuration', 2)
  assert.match(unknown.stderr, /TIDEWAITER_HOEM/)
  assertFault(await runTidewaiter(['config'], { env: { TIDEWAITER_PORT: '70000' } }), 'bad-configuration', 2)
})

test('tidewaiter config explain says of each value where it came from', async (context) => {
  const home = join(temporaryFolder(context), 'home')
  mkdirSync(home)
  writeFileSync(join(home, 'tidewaiter.toml'), 'port = 9000\nissuer = "Harbour office"\n')
  const { status, stdout } = await runTidewaiter(['config', 'explain', '--home', home], {
    env: { TIDEWAITER_PORT: '9001' },
  })
  assert.equal(status, 0)
  assert.match(stdout, /^port +9001\n.*TIDEWAITER_PORT/m)
  assert.match(stdout, /^issuer +"Harbour office"\n.*tidewaiter\.toml/m)
  assert.match(stdout, /^home .*\n.*--home/m)
})

test('attack: a tidewaiter.toml in the folder of a model decides nothing', async (context) => {
  const model = temporaryFolder(context)
  writeFileSync(join(model, 'tidewaiter.toml'), 'home = "evil"\nsigner = "pkcs11:token=x?module-path=evil.so"\n')
  const { status, stdout } = await runTidewaiter(['config', 'explain'], { cwd: model, env: { XDG_DATA_HOME: model } })
  assert.equal(status, 0)
  assert.doesNotMatch(stdout, /evil|toml/)
})

test('tidewaiter config explain does not show the password of a database', async () => {
  for (const words of [['config'], ['config', '--format', 'json']]) {
    const env = { DATABASE_URL: 'postgresql://officer:hunter2@127.0.0.1/register' }
    const { status, stdout, stderr } = await runTidewaiter(words, { env })
    assert.equal(status, 0, stderr)
    assert.match(stdout, /DATABASE_URL/)
    assert.doesNotMatch(stdout + stderr, /hunter2/)
  }
})

test('tidewaiter ends quietly when nobody reads its output, and says so when it cannot be written', () => {
  const call = (rest: string) =>
    spawnSync('sh', ['-c', `${join(ROOT, 'bin/tidewaiter')} config ${rest}`], { encoding: 'utf8' })
  assert.equal(call('| true').stderr, '')
  const full = call('> /dev/full')
  assert.equal(full.status, 1)
  assert.match(full.stderr, /^tidewaiter: the result cannot be written: ENOSPC.* \[cannot-write\]\n$/)
})

test('tidewaiter clear refuses a policy that is none before it reads a byte of the model', async (context) => {
  const folder = temporaryFolder(context)
  const home = join(folder, 'home')
  const policies = {
    'absent.json': undefined,
    'syntax.json': '{',
    'wrong.json': '{"schema":"tidewaiter/policy/v1"}',
    'condition.json': JSON.stringify({
      schema: 'tidewaiter/policy/v1',
      id: 'x',
      version: '1',
      title: 'x',
      conditions: [{ id: 'a', over: 'finding', when: 'finding.grade = = 1', outcome: 'held', message: 'm' }],
    }),
  }
  for (const [name, text] of Object.entries(policies)) {
    const path = join(folder, name)
    if (text !== undefined) writeFileSync(path, text)
    const run = await runTidewaiter(['clear', 'examples/oak', '--home', home, '--policy', path])
    assertFault(run, text === undefined ? 'no-such-file' : 'bad-policy')
    assert.ok(run.stderr.includes(path))
    assert.doesNotMatch(run.stderr, /^intake/m)
    assertNothingDecided(home)
  }
})
