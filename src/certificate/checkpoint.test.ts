import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCheckpoint } from './checkpoint.ts'

const ROOT = Buffer.alloc(32, 7).toString('base64')
const line = (name: string): string => `— ${name} ${Buffer.alloc(68, 9).toString('base64')}\n`

test('readCheckpoint() reads origin, size, root and all signature lines', () => {
  const note = `log.example\n50\n${ROOT}\n\n${line('log.example')}${line('witness.example/w1')}`
  const { origin, size, root, text, signatures } = readCheckpoint(note)
  assert.deepEqual([origin, size, root], ['log.example', 50n, new Uint8Array(32).fill(7)])
  assert.equal(text, `log.example\n50\n${ROOT}\n`)
  assert.deepEqual(
    signatures.map(({ name, keyHash, signature }) => [name, keyHash.length, signature.length]),
    [
      ['log.example', 4, 64],
      ['witness.example/w1', 4, 64],
    ],
  )
})

test('readCheckpoint() refuses every other form', () => {
  const refused = [
    '',
    `log.example\n50\n${ROOT}\n`,
    `log.example\n50\n${ROOT}\n\n`,
    `log.example\n050\n${ROOT}\n\n${line('log.example')}`,
    `log.example\n-1\n${ROOT}\n\n${line('log.example')}`,
    `\n50\n${ROOT}\n\n${line('log.example')}`,
    `log.example\n50\n${ROOT.slice(4)}\n\n${line('log.example')}`,
    `log.example\n50\n${ROOT}\nextension\n\n${line('log.example')}`,
    `log.example\n50\n${ROOT}\n\n${line('log.example').trim()}`,
    `log.example\n50\n${ROOT}\n\n- log.example AAAAAAAA\n`,
    `log.example\n50\n${ROOT}\n\n${line('log example')}`,
    `log.example\n50\n${ROOT}\n\n${line('log\u0085example')}`,
    `log.\0example\n50\n${ROOT}\n\n${line('log.example')}`,
    `log.example\r\n50\n${ROOT}\n\n${line('log.example')}`,
    `log.example\n50\n${ROOT}\n\n${line('log.example').repeat(3000)}`,
  ]
  for (const note of refused) assert.throws(() => readCheckpoint(note), { code: 'checkpoint' }, note)
})
