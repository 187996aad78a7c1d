import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findSecrets, maskSecrets } from './secrets.ts'

/** Letters drawn for this test, in an order that repeats nothing; they open nothing. */
const DRAWN = 'Qm7ZrTbW2nXcVyL9kJhGfDsAp4OiUeYtRwQzM8xKvNbEjHgF5dSaPuIoT3yCqWlBnVmZ6kXtRj'

function draw(length: number, from = 0): string {
  return DRAWN.repeat(3).slice(from, from + length)
}

const SECRETS: readonly (readonly [name: string, secret: string])[] = [
  ['Hugging Face token', `hf_${draw(34)}`],
  ['AWS access key', ['ASIA', 'Q3EGRZ7YVWLN5KXD'].join('')],
  ['OpenAI key', `sk-proj-${draw(40)}T3BlbkFJ${draw(40, 9)}`],
  ['Anthropic key', `sk-ant-api03-${draw(93)}`],
  ['GitHub token', `ghp_${draw(36)}`],
  ['GitHub token', `github_pat_${draw(22)}_${draw(59, 5)}`],
  ['GitLab token', `glpat-${draw(20)}`],
  ['Google API key', `AIza${draw(35)}`],
  ['Slack token', ['xoxb-2718281828459', draw(24)].join('-')],
  ['npm token', `npm_${draw(36)}`],
  ['PyPI token', `pypi-AgEIcHlwaS5vcmc${draw(60)}`],
  ['Stripe key', `sk_live_${draw(24)}`],
]

test('findSecrets() knows each form of credential, alone and inside a text', () => {
  for (const [name, secret] of SECRETS) {
    for (const text of [secret, `token = "${secret}", do not tell`, `x\n${secret}\ny`]) {
      const found = findSecrets(text)
      assert.deepEqual(
        found.map((each) => [each.name, each.length]),
        [[name, secret.length]],
        secret.slice(0, 8),
      )
    }
  }
})

test('findSecrets() passes over placeholders, digests, identifiers and prose', () => {
  const harmless = [
    `hf_${'x'.repeat(34)}`,
    'hf_YourTokenHereYourTokenHereYourTokenHere',
    'AKIAIOSFODNN7EXAMPLE',
    'sk-1234567890abcdef1234567890abcdef',
    'hf_hub_download and hf_transfer are names of functions',
    'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo',
    '550e8400-e29b-41d4-a716-446655440000',
  ]
  for (const text of harmless) assert.deepEqual(findSecrets(text), [], text)
})

test('maskSecrets() leaves the prefix of a credential and nothing of what follows', () => {
  for (const [, secret] of SECRETS) {
    const masked = maskSecrets(`before ${secret} after`)
    assert.match(masked, /^before [A-Za-z_-]+….*after$/)
    assert.ok(!masked.includes(secret.slice(-8)), secret.slice(0, 8))
    assert.deepEqual(findSecrets(masked), [])
  }
})

test('maskSecrets() leaves any other text as it is, and no text makes it fail', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      assert.equal(findSecrets(text).length > 0 || maskSecrets(text) === text, true)
    }),
  )
})
