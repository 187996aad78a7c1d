import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Budget } from '../budget.ts'
import type { FileFacts } from '../facts.ts'
import { memorySource } from '../memory-source.ts'
import { readFile } from '../read-file.ts'
import { safetensorsIndexReader } from './index.ts'

function read(content: unknown): FileFacts {
  const budget = new Budget()
  const bytes = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content))
  return readFile({ path: 'model.safetensors.index.json', source: memorySource(bytes, budget), budget }, [
    safetensorsIndexReader,
  ])
}

test('safetensorsIndexReader gives each entry of the map and each shard once', () => {
  const facts = read({ metadata: { total_size: 8 }, weight_map: { 'a/b': 's1', c: 's1', d: 's2' } })
  assert.deepEqual([facts.reading, facts.anomalies], ['full', []])
  assert.deepEqual(
    facts.metadata.map(({ key, value }) => [key, value]),
    [
      ['/metadata/total_size', 8],
      ['/weight_map/a~1b', 's1'],
      ['/weight_map/c', 's1'],
      ['/weight_map/d', 's2'],
    ],
  )
  assert.deepEqual(
    facts.references.map(({ target }) => target),
    ['s1', 's2'],
  )
})

test('safetensorsIndexReader notes an index without a map, and a tensor that is listed twice', () => {
  for (const content of [{}, { weight_map: [] }, { weight_map: { a: 1 } }, []]) {
    const facts = read(content)
    assert.deepEqual([facts.reading, facts.anomalies[0]?.code], ['unread', 'stn-index-shape'], JSON.stringify(content))
  }
  const twice = read('{"weight_map":{"a":"s1","a":"s2"}}')
  assert.deepEqual(
    twice.anomalies.map(({ code }) => code),
    ['json-duplicate-key'],
  )
})
