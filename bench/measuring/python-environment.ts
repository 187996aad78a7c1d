/**
 * A Python with the scanners and the libraries that the benchmarks of the audit compare with, in a cache outside the
 * tree. Made once; what cannot be installed is said and left out.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const CACHE = process.env['TIDEWAITER_TEST_CACHE'] ?? join(homedir(), '.cache', 'tidewaiter-test')

/** Installed one group after the other, so that one that fails takes nothing else with it. */
const GROUPS: readonly (readonly string[])[] = [
  ['picklescan==1.0.5', 'fickling==0.1.12'],
  ['modelscan==0.8.8'],
  ['modelaudit==0.2.54'],
  ['numpy==2.4.6', 'scipy==1.17.1', 'scikit-learn==1.9.1', 'joblib==1.6.0', 'pandas==3.1.1', 'skops==0.16.0'],
  ['h5py==3.16.0', 'onnx==1.23.2', 'safetensors==0.8.0', 'lz4==4.4.5'],
  ['torch==2.15.0'],
  ['keras==3.15.1'],
  ['flax==0.12.8'],
]

function install(python: string, packages: readonly string[]): void {
  const words = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]
  const { status, stderr } = spawnSync(python, words, { encoding: 'utf8' })
  if (status !== 0) console.log(`not installed: ${packages.join(' ')}: ${stderr.trim().split('\n').at(-1) ?? ''}`)
}

/** Path of the interpreter. @throws Error when no environment can be made */
export function ensurePython(wanted?: string): string {
  if (wanted !== undefined) return wanted
  const folder = join(CACHE, 'audit-peers-1')
  const python = join(folder, 'bin/python')
  if (existsSync(join(folder, 'complete'))) return python
  mkdirSync(CACHE, { recursive: true })
  const made = spawnSync('python3', ['-m', 'venv', folder], { encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`no Python environment: ${made.stderr.trim()}`)
  for (const group of GROUPS) install(python, group)
  writeFileSync(join(folder, 'complete'), '')
  return python
}
