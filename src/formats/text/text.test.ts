import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Budget } from '../budget.ts'
import type { FileFacts } from '../facts.ts'
import { memorySource } from '../memory-source.ts'
import { readFile } from '../read-file.ts'
import { textReader } from './index.ts'

function read(path: string, content: string | Uint8Array): FileFacts {
  const budget = new Budget()
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  return readFile({ path, source: memorySource(bytes, budget), budget }, [textReader])
}

test('textReader reads a licence whole', () => {
  const facts = read('LICENSE', 'Apache License\n')
  assert.deepEqual(
    [facts.reading, facts.anomalies, facts.texts],
    ['full', [], [{ locus: 'text', text: 'Apache License\n' }]],
  )
})

test('textReader only recognises code and settings, and says that code is there', () => {
  const code = read('modeling_oak.lua', 'local x = 1\n')
  assert.deepEqual(
    [code.reading, code.references, code.anomalies.map((anomaly) => anomaly.code)],
    ['recognised', [{ kind: 'code', target: 'modeling_oak.lua', locus: 'file' }], ['rec-source-code']],
  )
  assert.deepEqual(code.texts, [{ locus: 'text', text: 'local x = 1\n' }])
  const settings = read('conf/run.yaml', '_target_: os.system\n')
  assert.deepEqual([settings.reading, settings.references], ['recognised', []])
})

test('textReader does not read what is no text', () => {
  for (const bytes of [Uint8Array.of(0xff, 0xfe, 0x61, 0), Buffer.from('caf\u00e9', 'latin1')]) {
    const facts = read('notes.txt', bytes)
    assert.deepEqual([facts.reading, facts.anomalies.map(({ code }) => code)], ['unread', ['text-utf8']])
  }
})

test('textReader lists only the beginning of a long text, cut between characters', () => {
  const facts = read('corpus.txt', `a${'é'.repeat(600_000)}`)
  assert.equal(facts.reading, 'listed')
  assert.equal(facts.texts?.[0]?.text, `a${'é'.repeat(524_287)}`)
  assert.equal(read('corpus.txt', 'a'.repeat(1024 * 1024)).reading, 'full')
})
