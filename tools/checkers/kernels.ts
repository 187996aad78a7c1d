/**
 * Kernels: the committed `src/simd/kernels.wasm` is what its sources compile to.
 *
 * Compiling takes seconds, so a success is remembered in `.cache/` under the digest of everything that went into it:
 * sources, build script, compiler version and the committed bytes. When any of them changes it is compiled again.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '../../src/base/index.ts'
import { PATIENCE, runProgram, type Checker, type Run, type Violation } from './checker.ts'
import { listFiles } from './sources.ts'

const FOLDER = 'src/simd'
const MEMORY = '.cache/kernels'

function compilerVersion(root: string): string {
  return readFileSync(join(root, 'node_modules/assemblyscript/package.json'), 'utf8')
}

/** Digest of all that decides whether the promise holds. */
function digestInputs(root: string, paths: readonly string[]): string {
  const parts = paths.map((path) => `${path} ${sha256(readFileSync(join(root, path)))}`)
  return sha256([compilerVersion(root), process.version, ...parts].join('\n'))
}

function judge({ code, stderr }: Run): Violation[] {
  if (code === 0) return []
  return [{ path: `${FOLDER}/kernels.wasm`, message: stderr.trim().slice(0, 500) || `the build ended with ${code}` }]
}

/** See the module. */
export const kernels: Checker = {
  name: 'kernels',
  promise: 'kernels.wasm is what its sources compile to',
  async check(root) {
    const inputs = listFiles(root, FOLDER).filter((path) => /\.as\.ts$|\.wasm$|\/build\.ts$/.test(path))
    const built = ['kernels.wasm', 'build.ts'].every((name) => inputs.includes(`${FOLDER}/${name}`))
    if (!built) return { looked: 0, violations: [] }
    const key = digestInputs(root, inputs)
    const memory = join(root, MEMORY)
    if (existsSync(memory) && readFileSync(memory, 'utf8') === key) return { looked: inputs.length, violations: [] }
    const run = await runProgram(process.execPath, [join(root, FOLDER, 'build.ts'), '--check'], {
      cwd: root,
      timeout: PATIENCE,
    })
    const violations = judge(run)
    if (violations.length === 0) {
      mkdirSync(join(root, '.cache'), { recursive: true })
      writeFileSync(memory, key)
    }
    return { looked: inputs.length, violations }
  },
}
