import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import type { FileFacts } from '../facts.ts'
import { checkMessage, factMessages } from './messages.ts'

const FACTS: Partial<FileFacts> = {
  tensors: [
    { name: 'a', type: 'F32', shape: [2, 3], file: 'm', offset: 8, length: 24 },
    { name: 'b', type: 'q4_0', shape: [], file: 'm', offset: 32, length: 4, bigEndian: true },
    { name: 'c', type: 'F32', shape: [1], file: 'm!/n', offset: 0, length: 4, packed: 'compressed' },
  ],
  metadata: [{ key: 'k', type: 'array<string>', value: ['x', 1, null, true, []], count: 5, digest: 'd' }],
  references: [{ kind: 'url', target: 'https://x', locus: '/u' }],
  claims: [
    { from: 0, to: 8, role: 'magic', name: 'n' },
    { from: 8, to: 9, role: 'tensor' },
  ],
  anomalies: [{ code: 'c', message: 'm', locus: 'l', offset: 1, length: 2 }],
  opcodes: { count: 1, listed: [{ offset: 0, name: 'STOP', argument: 'a' }] },
  texts: [{ locus: 'l', text: 't' }],
}

test('checkMessage() gives back what factMessages() says of a file', () => {
  const messages = factMessages(FACTS, 'm').map((message) => checkMessage(JSON.parse(JSON.stringify(message)), 'm'))
  const items = Object.fromEntries(messages.map((message) => [message.kind, 'items' in message ? message.items : []]))
  assert.deepEqual({ ...items, opcodes: { count: 1, listed: items['opcodes'] } }, FACTS)
})

test('checkMessage() refuses whatever is not of the known form', () => {
  const bad: readonly unknown[] = [
    null,
    [],
    'done',
    { kind: 'other' },
    { kind: 'tensors' },
    { kind: 'tensors', items: [['a', 'F32', [1], 0]] },
    { kind: 'tensors', items: [['a', 'F32', [-1], 0, 4]] },
    { kind: 'tensors', items: [['a', 'F32', [1], 2 ** 60, 4]] },
    { kind: 'tensors', items: [['\ud800', 'F32', [1], 0, 4]] },
    { kind: 'tensors', items: [['a', 'F32', Array.from({ length: 2000 }, () => 1), 0, 4]] },
    { kind: 'claims', items: [{ from: 0, to: 1, role: 'mine' }] },
    { kind: 'references', items: [{ kind: 'url', target: 1, locus: '' }] },
    { kind: 'anomalies', items: [{ code: 'a', message: 'b' }] },
    { kind: 'metadata', items: [{ key: 'a', type: 't', value: { 'a key of its own': 1 } }] },
    { kind: 'metadata', items: [{ key: 'a', type: 't', value: JSON.parse('{"__proto__":1}') as unknown }] },
    {
      kind: 'metadata',
      items: [{ key: 'a', type: 't', value: JSON.parse('['.repeat(20) + ']'.repeat(20)) as unknown }],
    },
    { kind: 'metadata', items: [{ key: 'a', type: 't', value: '\ud800' }] },
    { kind: 'texts', items: [{ locus: 'l' }] },
    { kind: 'done', format: 'x', reading: 'clean' },
    { kind: 'member', path: 'other!/a', size: 1 },
    { kind: 'member', path: 'm', size: 1 },
    { kind: 'member', path: 'm!/a', size: -1 },
    { kind: 'tensors', items: [['a', 'F32', [1], 0, 4, { file: 1 }]] },
    { kind: 'tensors', items: [['a', 'F32', [1], 0, 4, { packed: 1 }]] },
    { kind: 'hello' },
  ]
  for (const message of bad)
    assert.throws(() => checkMessage(message, 'm'), { code: 'bad-message' }, JSON.stringify(message))
})

test('checkMessage() throws nothing but faults', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('tensors', 'metadata', 'claims', 'texts', 'done', 'hello'),
      fc.jsonValue(),
      fc.jsonValue(),
      (kind, items, value) => {
        for (const message of [
          { kind, items },
          { kind, items: [value] },
          { kind, items: [{ key: 'k', type: 't', value }] },
          value,
        ]) {
          try {
            checkMessage(message, 'm')
          } catch (thrown) {
            assert.ok(isFault(thrown, 'bad-message'), String(thrown))
          }
        }
      },
    ),
  )
})

test('checkMessage() builds facts anew, so that nothing unchecked travels with them', () => {
  const message = checkMessage(
    { kind: 'claims', items: [{ from: 0, to: 1, role: 'tensor', toString: 'x' }], more: 1 },
    'm',
  )
  assert.deepEqual(message, { kind: 'claims', items: [{ from: 0, to: 1, role: 'tensor' }] })
})
