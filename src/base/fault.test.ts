import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault, isFault, toFault } from './fault.ts'

test('Fault carries code, message, cause and details', () => {
  const cause = new Error('below')
  const fault = new Fault('layer-too-narrow', '8 units', { cause, details: { units: 8 } })
  assert.deepEqual(
    [fault.name, fault.code, fault.message, fault.cause, fault.details],
    ['Fault', 'layer-too-narrow', '8 units', cause, { units: 8 }],
  )
  assert.ok(fault instanceof Error)
  assert.ok(!('cause' in new Fault('a', 'b')))
})

test('isFault() knows a fault of another copy of the module, and asks for a code when given one', async () => {
  const copy = (await import(`./fault.ts?copy=${process.pid}`)) as { Fault: typeof Fault }
  assert.notEqual(copy.Fault, Fault)
  assert.ok(isFault(new copy.Fault('elsewhere', '')))
  assert.ok(isFault(new Fault('here', ''), 'here'))
  assert.ok(!isFault(new Fault('here', ''), 'there'))
})

test('isFault() takes nothing else for a fault', () => {
  for (const value of [null, undefined, 'Fault', new Error('x'), { code: 'here', name: 'Fault' }])
    assert.ok(!isFault(value))
})

test('toFault() lets faults pass and wraps what else was thrown', () => {
  const fault = new Fault('here', 'x')
  assert.equal(toFault(fault), fault)
  const error = new TypeError('odd')
  const wrapped = toFault(error)
  assert.deepEqual([wrapped.code, wrapped.message, wrapped.cause], ['internal', 'odd', error])
  assert.deepEqual([toFault('text', 'network').code, toFault('text').message], ['network', 'text'])
})
