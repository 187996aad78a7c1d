import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { Budget } from '../budget.ts'
import { memorySource } from '../memory-source.ts'
import { readFile } from '../read-file.ts'
import { READERS } from '../registry.ts'
import vectors from './vectors.json' with { type: 'json' }

/** Anomalies of the models that are to have some; the others have none. */
const EXPECTED: ReadonlyMap<string, readonly string[]> = new Map([
  ['writing/saved_model.pb', ['tfg-file', 'tfg-hidden']],
  ['python/saved_model.pb', ['tfg-python', 'tfg-hidden']],
  ['nested.pb', ['tfg-file', 'tfg-hidden']],
])

for (const [path, text] of Object.entries(vectors.files)) {
  test(`readFile() reads ${path} of TensorFlow ${vectors.tensorflow} in full`, () => {
    const budget = new Budget()
    const bytes = gunzipSync(Buffer.from(text, 'base64'))
    const facts = readFile({ path, source: memorySource(bytes, budget), budget }, READERS)
    const codes = [...new Set(facts.anomalies.map(({ code }) => code))]
    assert.deepEqual([facts.reading, codes], ['full', EXPECTED.get(path) ?? []], JSON.stringify(facts.anomalies))
  })
}
