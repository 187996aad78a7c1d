/**
 * Whether the bytes of a tensor are as many as its shape and type take.
 */
import { isFault, mulChecked } from '../../base/index.ts'

/** Shape, type and bytes of a tensor. */
export interface SizedTensor {
  readonly shape: readonly number[]
  /** Of one element. */
  readonly bits: number
  /** Bytes that are there. */
  readonly length: number
}

/** What is wrong with the size of a tensor: too few bytes for its shape, or a shape that no bytes can have. */
export function objectionToSize({ shape, bits, length }: SizedTensor): string | undefined {
  try {
    const needed = Math.ceil(mulChecked(...shape, bits) / 8)
    return needed > length ? `the tensor takes ${needed} bytes; there are ${length}` : undefined
  } catch (thrown) {
    if (!isFault(thrown, 'size-overflow')) throw thrown
    return `the shape ${shape.join(' × ')} is of no size that can be`
  }
}
