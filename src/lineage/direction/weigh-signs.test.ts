import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeSign, reliabilityOf, SIGN_NAMES } from './sign.ts'
import { weighSigns } from './weigh-signs.ts'

test('reliabilityOf() lies between a guess and certainty, and is never certainty', () => {
  for (const name of SIGN_NAMES) {
    assert.ok(reliabilityOf(name) >= 0.5, name)
    assert.ok(reliabilityOf(name) < 1, name)
  }
})

test('weighSigns() names no child below two nats, and says what the signs were', () => {
  assert.deepEqual(weighSigns([]).direction, 'open')
  const weak = weighSigns([makeSign('unused-token decay', 'b', 'x')])
  assert.equal(weak.direction, 'open')
  assert.match(weak.reason, /Signs, in nats: unused-token decay names B, 1\.\d/)
})

test('weighSigns() counts signs of one name once', () => {
  const many = Array.from({ length: 9 }, () => makeSign('unused-token decay', 'b', 'x'))
  assert.equal(weighSigns(many).direction, 'open')
})

test('weighSigns() leaves conflicting signs open, however strong one of them is', () => {
  const { direction, reason } = weighSigns([makeSign('leaf', 'a', 'x'), makeSign('structure', 'b', 'y')])
  assert.equal(direction, 'open')
  assert.match(reason, /conflict/)
})

test('weighSigns() names the child, and reserves a third model where signs do not exclude one', () => {
  const shown = weighSigns([makeSign('lattice', 'a', 'x')])
  assert.equal(shown.direction, 'a-from-b')
  assert.doesNotMatch(shown.reason, /third model/)
  const reserved = weighSigns([makeSign('structure', 'b', 'x')])
  assert.equal(reserved.direction, 'b-from-a')
  assert.match(reserved.reason, /if one descends from the other; a third model from which both descend is not excluded/)
})
