/** For tests of kernels against their references: equality of bits, all NaN being one. */
import assert from 'node:assert/strict'

const NAN_BITS = 0x7fc00000

function unify(values: Float32Array): Uint32Array {
  const bits = new Uint32Array(Float32Array.from(values).buffer)
  return bits.map((word) => ((word & 0x7fffffff) > 0x7f800000 ? NAN_BITS : word))
}

/** Asserts that two lists of f32 have the same bits. */
export function assertSameFloats(
  actual: Float32Array,
  expected: Float32Array,
  message = 'kernel against reference',
): void {
  const [a, b] = [unify(actual), unify(expected)]
  assert.equal(a.length, b.length, message)
  const at = a.findIndex((word, i) => word !== b[i])
  if (at >= 0) assert.fail(`${message}: element ${at} is ${actual[at]}, not ${expected[at]}`)
}
