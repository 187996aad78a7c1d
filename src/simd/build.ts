/**
 * Compiles the AssemblyScript kernels to `kernels.wasm`.
 *
 * The same sources and the same compiler, pinned by the lockfile, give the same bytes on every machine; so the
 * committed file can be checked by making it again.
 *
 *     node src/simd/build.ts           writes src/simd/kernels.wasm
 *     node src/simd/build.ts --check   exits 1 when the committed file is another
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'
import { Fault, sha256 } from '../base/index.ts'

/** The compiled module and its SHA-256. */
export interface CompiledKernels {
  readonly bytes: Uint8Array
  readonly sha256: string
}

const FOLDER = import.meta.dirname
const TARGET = join(FOLDER, 'kernels.wasm')

const OPTIONS = [
  '--runtime',
  'stub',
  '--optimizeLevel',
  '3',
  '--shrinkLevel',
  '0',
  '--converge',
  '--noAssert',
  '--uncheckedBehavior',
  'always',
  '--enable',
  'simd',
  '--enable',
  'threads',
  '--importMemory',
  '--sharedMemory',
  '--initialMemory',
  '2',
  '--maximumMemory',
  '65536',
  '--noExportMemory',
]

/** Compiles the kernels. @throws Fault `kernels-broken` with what the compiler said */
export async function compileKernels(): Promise<CompiledKernels> {
  const files = new Map<string, Uint8Array>()
  const complaints: string[] = []
  const { error } = await asc.main(['kernels.as.ts', '--baseDir', FOLDER, '--outFile', 'out.wasm', ...OPTIONS], {
    readFile: (name, base) => readSource(join(base, name)),
    writeFile: (name, contents) => void files.set(name, Buffer.from(contents)),
    listFiles: () => null,
    stderr: { write: (text: string | Uint8Array) => void complaints.push(String(text)) },
  })
  const bytes = files.get('out.wasm')
  if (error !== null || bytes === undefined) throw new Fault('kernels-broken', complaints.join(''))
  return { bytes, sha256: sha256(bytes) }
}

function readSource(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

/** SHA-256 of the committed file. */
export function committedKernels(): string {
  return sha256(readFileSync(TARGET))
}

async function main(arguments_: readonly string[]): Promise<void> {
  const compiled = await compileKernels()
  if (!arguments_.includes('--check')) writeFileSync(TARGET, compiled.bytes)
  else if (compiled.sha256 !== committedKernels()) {
    process.stderr.write('src/simd/kernels.wasm is not what its sources compile to: run npm run kernels\n')
    process.exitCode = 1
  }
}

if (import.meta.main) await main(process.argv.slice(2))
