import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseReference, redactUrl } from './reference.ts'

test('parseReference() takes a path as it is', () => {
  for (const path of ['model', './hf:x', '/a/b c', '..', 'a:b', 'org/name']) {
    assert.deepEqual(parseReference(path), { kind: 'path', ref: path, path })
  }
})

test('parseReference() reads a repository and its revision', () => {
  const hub = (ref: string, repository: string, revision: string) =>
    assert.deepEqual(parseReference(ref), { kind: 'hub', ref, repository, revision })
  hub('hf:org/name', 'org/name', 'main')
  hub('hf:org/name@v1.0', 'org/name', 'v1.0')
  hub('hf:org/name@refs/pr/1', 'org/name', 'refs/pr/1')
  hub('hf:gpt2', 'gpt2', 'main')
})

test('parseReference() refuses what is none, and says what is allowed', () => {
  const wrong = [
    '',
    'hf:',
    'hf:../x',
    'hf:a/b/c',
    'hf:a/b@',
    'hf:a/b@../c',
    'hf:a/b@x y',
    'hf:a--b/c',
    's3://bucket/key',
  ]
  const alsoWrong = ['oci://a/b', 'http://example.org/m.gguf', 'https://', 'https://a/b#sha256=12', 'ftp://a/b', 'x\0y']
  for (const ref of [...wrong, ...alsoWrong]) {
    assert.throws(() => parseReference(ref), { code: 'bad-reference', message: /hf:org\/name\[@revision\]/ }, ref)
  }
})

test('parseReference() keeps the digest of an address and drops its fragment', () => {
  const sha256 = 'ab'.repeat(32)
  const reference = parseReference(`https://a.example/m.gguf#sha256=${sha256.toUpperCase()}`)
  assert.deepEqual(reference, {
    kind: 'https',
    ref: 'https://a.example/m.gguf',
    url: 'https://a.example/m.gguf',
    sha256,
  })
})

test('parseReference() allows http to this machine only', () => {
  assert.equal(parseReference('http://127.0.0.1:1/m').kind, 'https')
  assert.equal(parseReference('http://localhost:1/m').kind, 'https')
  assert.throws(() => parseReference('http://127.0.0.1.evil.example/m'), { code: 'bad-reference' })
})

test('parseReference() never shows a credential, in the reference or in its error', () => {
  const reference = parseReference('https://me:hunter2@a.example/m?X-Amz-Signature=hunter2&x=1')
  assert.equal(reference.ref, 'https://***@a.example/m?X-Amz-Signature=***&x=1')
  for (const ref of [
    'http://me:hunter2@a.example/m',
    'https://me:hunter2@a.example/m#x',
    's3://me:hunter2@a/b',
    'https://me:hunter2@',
  ]) {
    assert.throws(
      () => parseReference(ref),
      (thrown: Error) => !thrown.message.includes('hunter2'),
      ref,
    )
  }
})

test('redactUrl() leaves an address without secrets as it is', () => {
  assert.equal(
    redactUrl('https://a.example:8443/x/y.gguf?download=true'),
    'https://a.example:8443/x/y.gguf?download=true',
  )
})
