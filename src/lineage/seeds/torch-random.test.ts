import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMt19937 } from './mt19937.ts'
import { drawNormal, drawUniform, normalDraws } from './torch-random.ts'
import vectors from './vectors.json' with { type: 'json' }

function assertClose(found: Float32Array, expected: readonly number[], what: string): void {
  assert.equal(found.length, expected.length)
  for (const [i, value] of found.entries())
    assert.ok(Math.abs(value - (expected[i] ?? 0)) < 2e-6, `${what} ${i}: ${value}`)
}

test('createMt19937() gives the first numbers of its authors for seed 5489', () => {
  const source = createMt19937(5489)
  assert.deepEqual([source.next(), source.next(), source.next()], [3499211612, 581869302, 3890346734])
  source.skip(9996)
  assert.equal(source.next(), 4123659995, 'the 10000th')
})

for (const { seed, normal, uneven, weight, bias } of vectors)
  test(`drawNormal() and drawUniform() draw what PyTorch draws for seed ${seed}`, () => {
    const source = createMt19937(seed)
    assertClose(
      drawNormal(source, 96).map((value) => 0.02 * value),
      normal,
      'normal',
    )
    assertClose(drawNormal(source, 35), uneven, 'uneven')
    assertClose(drawUniform(source, 64, [-0.25, 0.25]), weight, 'weight')
    assertClose(drawUniform(source, 4, [-0.25, 0.25]), bias, 'bias')
  })

test('drawNormal() gives the beginning of a large tensor without drawing the rest', () => {
  const whole = drawNormal(createMt19937(7), 1000)
  assert.deepEqual(drawNormal(createMt19937(7), 1000, 100), whole.subarray(0, 100))
  const source = createMt19937(7)
  const skipped = createMt19937(7)
  drawNormal(source, 1000)
  skipped.skip(normalDraws(1000))
  assert.equal(source.next(), skipped.next())
})

test('drawNormal() refuses tensors that PyTorch draws in another way', () => {
  assert.throws(() => drawNormal(createMt19937(1), 15), { code: 'too-small' })
})
