import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../testing/folders.ts'
import { readEndpoint } from './endpoint.ts'

test('readEndpoint() takes the default hub, without a token, from an empty environment', () => {
  const { url, host, credential } = readEndpoint({})
  assert.deepEqual(
    { url, host, credential },
    { url: 'https://huggingface.co', host: 'huggingface.co', credential: undefined },
  )
})

test('readEndpoint() binds the token of the environment to the origin of its endpoint', () => {
  const { url, credential } = readEndpoint({ HF_ENDPOINT: 'https://gate.example:8443/hf/org/', HF_TOKEN: ' hf_x\n' })
  assert.equal(url, 'https://gate.example:8443/hf/org')
  assert.deepEqual(credential, { origin: 'https://gate.example:8443', header: 'Bearer hf_x' })
})

test('readEndpoint() uses the token file of a login for huggingface.co and for nothing else', (context) => {
  const folder = temporaryFolder(context)
  writeFileSync(join(folder, 'token'), 'hf_file\n')
  assert.equal(readEndpoint({ HF_HOME: folder }).credential?.header, 'Bearer hf_file')
  assert.equal(readEndpoint({ HF_TOKEN_PATH: join(folder, 'token') }).credential?.header, 'Bearer hf_file')
  assert.equal(readEndpoint({ HF_HOME: folder, HF_HUB_DISABLE_IMPLICIT_TOKEN: '1' }).credential, undefined)
  assert.equal(readEndpoint({ HF_HOME: folder, HF_ENDPOINT: 'https://gate.example' }).credential, undefined)
})

test('readEndpoint() keeps apart what hubs at different addresses say', () => {
  const keys = ['http://a.example', 'https://a.example', 'https://a.example/x'].map(
    (url) => readEndpoint({ HF_ENDPOINT: url }).key,
  )
  assert.equal(new Set(keys).size, 3)
})

test('readEndpoint() refuses what is no endpoint and shows no secret', () => {
  for (const url of [
    'gate.example',
    'ftp://a.example',
    'https://a.example/?token=hunter2',
    'https://me:hunter2@a.example',
  ]) {
    assert.throws(
      () => readEndpoint({ HF_ENDPOINT: url }),
      (fault: Error) => !fault.message.includes('hunter2'),
      url,
    )
  }
  assert.throws(() => readEndpoint({ HF_TOKEN: 'hf_x\r\nx-evil: 1' }), { code: 'bad-token' })
})
