/** The schemas of what `--format json` prints: each is one, is named as its file is, and refuses what is not in it. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { jsonOf, ROOT, runTidewaiter } from './program.ts'
import { assertContract } from './schemas.ts'

test('every schema is JSON Schema 2020-12 and is named as its file is', () => {
  const paths = globSync('src/app/schemas/*.schema.json', { cwd: ROOT })
  assert.ok(paths.length > 25)
  for (const path of paths) {
    const schema = JSON.parse(readFileSync(join(ROOT, path), 'utf8'))
    const name = basename(path, '.schema.json')
    assert.equal(schema.$schema, 'https://json-schema.org/draft/2020-12/schema')
    assert.equal(schema.$id, `https://tidewaiter.example/schemas/${name}/v1`)
    assert.equal(
      schema.properties?.schema.const ?? schema.$defs.comparison.properties.schema.const,
      `tidewaiter/${name}/v1`,
    )
    assert.ok(new Ajv2020().validateSchema(schema))
  }
})

test('assertContract() refuses a missing member, another one, a word that is not of the closed set', async () => {
  const run = await runTidewaiter(['compare', 'examples/oak', 'examples/birch', '--format', 'json', '--quiet'])
  const value = jsonOf(run)
  assertContract('comparison', value)
  const { verdict: _, ...missing } = value
  for (const wrong of [missing, { ...value, more: 1 }, { ...value, verdict: 'independent' }, { ...value, log10p: 1 }])
    assert.throws(() => assertContract('comparison', wrong))
  const { schema, ...rest } = value
  const candidate = { artefact: { ref: 'a', id: `tw1:${'0'.repeat(64)}` }, schema, ...rest }
  const trace = { schema: 'tidewaiter/trace/v1', artefact: candidate.artefact, candidates: [candidate] }
  assertContract('trace', trace)
  assert.throws(() => assertContract('trace', { ...trace, candidates: [{ ...candidate, more: 1 }] }))
  assert.throws(() => assertContract('trace', { ...trace, candidates: [value] }))
})

test('policy export keeps its contract, and refuses a policy or a loader that it does not know', async () => {
  const run = await runTidewaiter(['policy', 'export', '--policy', 'sklearn', '--to', 'pickleball', '--format', 'json'])
  assert.equal(run.status, 0)
  const value = jsonOf(run)
  assertContract('policy-export', value)
  assert.match(String(value['text']), /"sklearn\.tree\._tree\.Tree"/)
  for (const words of [
    ['--policy', 'no-such'],
    ['--to', 'no-such'],
  ]) {
    const { status } = await runTidewaiter(['policy', 'export', ...words])
    assert.equal(status, 2)
  }
})
