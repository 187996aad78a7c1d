/** What is published works where it is installed: packed, unpacked beside its dependencies, and used from outside. */
import assert from 'node:assert/strict'
import { spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'

const HOME = resolve(import.meta.dirname, '../..')
const MANIFEST = JSON.parse(readFileSync(join(HOME, 'package.json'), 'utf8')) as {
  readonly version: string
  readonly exports: Readonly<Record<string, unknown>>
}

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-package-'))
const installed = join(folder, 'node_modules/tidewaiter')
let packed: readonly string[] = []

function run(program: string, args: readonly string[], cwd = folder): SpawnSyncReturns<string> {
  const env = {
    ...process.env,
    HOME: folder,
    PATH: `${join(folder, 'node_modules/.bin')}:/usr/bin:/bin`,
    XDG_DATA_HOME: folder,
  }
  return spawnSync(program, args, { cwd, encoding: 'utf8', env })
}

interface Locked {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>
}

/** Lays what an installation without development dependencies holds beside the unpacked package, as npm would. */
function layDependencies(): void {
  const { packages } = JSON.parse(readFileSync(join(HOME, 'package-lock.json'), 'utf8')) as Locked
  for (const [path, { dev = false }] of Object.entries(packages)) {
    if (path === '' || dev || !existsSync(join(HOME, path))) continue
    if (path.includes('node-linux-')) symlinkSync(join(HOME, path), join(folder, path))
    else cpSync(join(HOME, path), join(folder, path), { recursive: true })
  }
}

before(() => {
  const { stdout, stderr, status } = spawnSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: HOME,
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
  const [{ filename, files }] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [
    { filename: string; files: { path: string }[] },
  ]
  packed = files.map(({ path }) => path)
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true })
  layDependencies()
  assert.equal(run('tar', ['-xzf', filename]).status, 0)
  assert.equal(run('mv', ['package', installed]).status, 0)
  symlinkSync('../tidewaiter/bin/tidewaiter', join(folder, 'node_modules/.bin/tidewaiter'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
})

after(() => rmSync(folder, { recursive: true, force: true }))

test('the package holds the program, its licence and no source, test or vector', () => {
  for (const path of ['LICENSE', 'README.md', 'bin/tidewaiter', 'dist/app/cli/main.js', 'dist/simd/kernels.wasm']) {
    assert.ok(packed.includes(path), path)
  }
  const strays = packed.filter((path) => /(?<!\.d)\.ts$|\.test\.|vectors\/|\.py$|^src\/|^tools\//.test(path))
  assert.deepEqual(strays, [])
})

test('the installed command says its version, on the Node that was installed beside it', () => {
  const { stdout, stderr, status } = run('tidewaiter', ['--version'])
  assert.deepEqual([stdout.trim(), stderr, status], [MANIFEST.version, '', 0])
})

test('the installed command clears a model: kernels, migrations, policy and the confined child are all there', () => {
  const { stdout, stderr, status } = run('tidewaiter', ['clear', join(HOME, 'examples/oak'), '--format', 'json'])
  assert.equal(status, 0, stderr)
  assert.match((JSON.parse(stdout) as { decision: string }).decision, /^cleared/)
})

test('every entry point can be imported by its name, and declares its types', () => {
  const subpaths = Object.keys(MANIFEST.exports).filter((subpath) => !subpath.includes('*'))
  const names = subpaths.map((subpath) => `tidewaiter${subpath.slice(1)}`)
  assert.ok(names.length >= 4)
  for (const name of names) {
    const code = `const found = Object.keys(await import('${name}')); if (found.length === 0) process.exit(9)`
    const { status, stderr } = run(process.execPath, ['--input-type=module', '--eval', code])
    assert.equal(status, 0, `${name}: ${stderr}`)
  }
  const lines = names.map(
    (name, index) => `import * as entry${index} from '${name}'\nexport const keys${index}: object = entry${index}\n`,
  )
  writeFileSync(join(folder, 'user.ts'), lines.join(''))
  const flags = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--target',
    'es2024',
    '--types',
    'node',
  ]
  const roots = ['--typeRoots', join(HOME, 'node_modules/@types')]
  const { status, stdout } = run(join(HOME, 'node_modules/.bin/tsc'), [...flags, ...roots, 'user.ts'])
  assert.equal(status, 0, stdout)
})

test('the schemas of statements can be had by their name', () => {
  const name = 'tidewaiter/schemas/clearance.schema.json'
  const code = `const { default: schema } = await import('${name}', { with: { type: 'json' } }); console.log(schema.$id)`
  const { status, stdout, stderr } = run(process.execPath, ['--input-type=module', '--eval', code])
  assert.equal(status, 0, stderr)
  assert.equal(stdout, 'https://tidewaiter.example/attestation/clearance/v0.1\n')
})

test('the verifier can be imported where no other package is installed', () => {
  const alone = join(folder, 'alone')
  mkdirSync(join(alone, 'node_modules'), { recursive: true })
  assert.equal(run('cp', ['-r', installed, join(alone, 'node_modules')]).status, 0)
  assert.ok(!existsSync(join(alone, 'node_modules/zod')))
  const code =
    "const { verifyBundle = 0, ...rest } = await import('tidewaiter/verify'); console.log(Object.keys(rest).length)"
  writeFileSync(join(alone, 'use.mjs'), code)
  // Started outside the folder that has the packages, or Node would find them one level up.
  const away = mkdtempSync(join(tmpdir(), 'tidewaiter-alone-'))
  assert.equal(run('cp', ['-r', `${alone}/.`, away]).status, 0)
  const { status, stderr } = run(process.execPath, [join(away, 'use.mjs')], away)
  rmSync(away, { recursive: true })
  assert.equal(status, 0, stderr)
})
