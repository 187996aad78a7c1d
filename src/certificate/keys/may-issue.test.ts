import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { keyringKey, makeSigner } from '../../testing/keys.ts'
import type { ChosenKey, TrustedKey } from '../check-key.ts'
import { checkKeyValidity } from '../check-key-validity.ts'
import { rotateKey } from './change-keyring.ts'
import type { KeyringKey } from './keyring.ts'
import { mayIssue } from './may-issue.ts'
import { attestationType } from './roles.ts'
import { trustedKeysOf } from './trusted-keys.ts'

const CLEARANCE = attestationType('clearance')
const DAY = 24 * 3600 * 1000
const START = Date.UTC(2026, 0, 1)
const signer = await makeSigner()

function ask(key: KeyringKey, at: number | undefined, now = START + 300 * DAY, predicateType = CLEARANCE): string {
  const answer = mayIssue({ keys: [key], quorums: [] }, { keyId: key.keyId, predicateType, at, now })
  return answer.allowed ? 'allowed' : answer.reason
}

test('mayIssue() lets a station sign tests and no clearance, and no clock or log sign anything', () => {
  const station = keyringKey(signer, { role: 'station', predicateTypes: [attestationType('mot-result')] })
  assert.equal(ask(station, START, undefined, attestationType('mot-result')), 'allowed')
  assert.equal(ask(station, START), 'predicate-type')
  for (const role of ['log', 'tsa', 'witness'] as const)
    assert.equal(ask(keyringKey(signer, { role, predicateTypes: [CLEARANCE] }), START), 'role')
  const unknown = mayIssue({ keys: [], quorums: [] }, { keyId: signer.keyId, predicateType: CLEARANCE, at: 0, now: 0 })
  assert.equal(unknown.allowed ? '' : unknown.reason, 'key-unknown')
})

test('mayIssue() takes both keys in the overlap of a rotation, and the old one for its own time for ever', async () => {
  const next = { ...(await makeSigner()), algorithm: 'ecdsa-p256' as const }
  const at = START + 100 * DAY
  const { keys } = rotateKey(
    { keys: [keyringKey(signer)], quorums: [] },
    { keyId: signer.keyId, next, at, overlap: 7 * DAY },
  )
  const [old, fresh] = keys
  assert.ok(old && fresh)
  const years = START + 4000 * DAY
  const asked = [99, 100, 107, 108].map((day) => [
    ask(old, START + day * DAY, years),
    ask(fresh, START + day * DAY, years),
  ])
  assert.deepEqual(asked, [
    ['allowed', 'not-yet-valid'],
    ['allowed', 'allowed'],
    ['allowed', 'allowed'],
    ['expired', 'allowed'],
  ])
  assert.equal(ask(old, undefined, START + 99 * DAY), 'allowed')
  assert.equal(ask(old, undefined, years), 'expired', 'without trusted time it counts as signed now')
})

test('mayIssue() voids what a stolen key signed at or after the theft, and what no trusted time dates', () => {
  const from = START + 50 * DAY
  for (const reason of ['compromised', 'withdrawn'] as const) {
    const stolen = keyringKey(signer, { revoked: { from, reason } })
    assert.equal(ask(stolen, from - 1), 'allowed')
    assert.equal(ask(stolen, from), 'revoked')
    assert.equal(ask(stolen, from + DAY), 'revoked')
    assert.equal(ask(stolen, undefined), 'revoked-without-time')
    assert.equal(ask(stolen, undefined, from - DAY), 'revoked-without-time', 'a clock set back does not help')
  }
})

test('trustedKeysOf() has the verifier say of each key and time what mayIssue() says', () => {
  const day = fc.integer({ min: -10, max: 400 })
  const optionalDay = fc.option(day, { nil: undefined })
  const verify = (trust: TrustedKey, at: number | undefined, stated: number): string => {
    try {
      const chosen = { trust } as ChosenKey
      return checkKeyValidity(chosen, undefined, { trusted: at, stated }).outcome
    } catch {
      return 'failed'
    }
  }
  fc.assert(
    fc.property(optionalDay, optionalDay, optionalDay, day, (until, revokedFrom, at, today) => {
      const key = keyringKey(signer, {
        ...(until === undefined ? {} : { validUntil: START + until * DAY }),
        ...(revokedFrom === undefined ? {} : { revoked: { from: START + revokedFrom * DAY, reason: 'compromised' } }),
      })
      const now = START + today * DAY
      const time = at === undefined ? undefined : START + at * DAY
      const [trusted] = trustedKeysOf({ keys: [key], quorums: [] }, now)
      assert.ok(trusted)
      assert.equal(verify(trusted, time, time ?? now) === 'pass', ask(key, time, now) === 'allowed')
      if (time === undefined && ask(key, undefined, now) !== 'allowed')
        assert.equal(verify(trusted, undefined, START + DAY), 'failed', 'dating back does not help')
    }),
    { numRuns: 500 },
  )
  assert.deepEqual(
    trustedKeysOf({ keys: [keyringKey(signer, { role: 'log', predicateTypes: [] })], quorums: [] }, START),
    [],
  )
})
