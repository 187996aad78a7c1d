/** Clearing real models by the real program, and what is in the dossier afterwards. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FileFacts } from '../../src/formats/index.ts'
import { jsonOf, runTidewaiter } from '../cli/program.ts'
import { assertContract } from '../cli/schemas.ts'

/** Clears and gives exit code, result and the facts of each file. */
export async function clearReal(ref: string, home: string) {
  const run = await runTidewaiter(['clear', ref, '--home', home, '--format', 'json', '--quiet'])
  assert.equal(run.stderr, '')
  const result = jsonOf(run)
  assertContract('clearance', result)
  const read = (name: string) => JSON.parse(readFileSync(join(result.dossier.path, name), 'utf8'))
  const files: readonly FileFacts[] = read('facts.json').files
  return { status: run.status, result, files, dossier: read('dossier.json') }
}

/** Compares; holds the result to its contract. */
export async function compareReal(a: string, b: string, home: string) {
  const run = await runTidewaiter(['compare', a, b, '--home', home, '--format', 'json', '--quiet'])
  assert.deepEqual([run.status, run.stderr], [0, ''])
  const comparison = jsonOf(run)
  assertContract('comparison', comparison)
  return comparison
}
