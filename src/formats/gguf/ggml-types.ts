/**
 * The types that ggml stores tensors in, and those that it once stored them in.
 *
 * A removed type is recognised by its number, so that the report can say what the file needs, but its blocks are
 * not ours to decode. Numbers of quantisations that only forks know are unknown here and stay so: two forks use the
 * same number for different blocks.
 *
 * Source: ggml.h, `enum ggml_type`; ggml-common.h for the blocks (state of autumn 2026, GGML_TYPE_COUNT 43).
 */

/** How one type is stored. */
export interface GgmlType {
  /** ggml's number. */
  readonly id: number
  /** ggml's name in lower case, as in `TensorFact.type`. */
  readonly name: string
  /** Elements in a block; 1 for plain numbers. */
  readonly blockElements: number
  /** Bytes of a block. */
  readonly blockBytes: number
}

const ROWS = [
  [0, 'f32', 1, 4],
  [1, 'f16', 1, 2],
  [2, 'q4_0', 32, 18],
  [3, 'q4_1', 32, 20],
  [6, 'q5_0', 32, 22],
  [7, 'q5_1', 32, 24],
  [8, 'q8_0', 32, 34],
  [9, 'q8_1', 32, 36],
  [10, 'q2_k', 256, 84],
  [11, 'q3_k', 256, 110],
  [12, 'q4_k', 256, 144],
  [13, 'q5_k', 256, 176],
  [14, 'q6_k', 256, 210],
  [15, 'q8_k', 256, 292],
  [16, 'iq2_xxs', 256, 66],
  [17, 'iq2_xs', 256, 74],
  [18, 'iq3_xxs', 256, 98],
  [19, 'iq1_s', 256, 50],
  [20, 'iq4_nl', 32, 18],
  [21, 'iq3_s', 256, 110],
  [22, 'iq2_s', 256, 82],
  [23, 'iq4_xs', 256, 136],
  [24, 'i8', 1, 1],
  [25, 'i16', 1, 2],
  [26, 'i32', 1, 4],
  [27, 'i64', 1, 8],
  [28, 'f64', 1, 8],
  [29, 'iq1_m', 256, 56],
  [30, 'bf16', 1, 2],
  [34, 'tq1_0', 256, 54],
  [35, 'tq2_0', 256, 66],
  [39, 'mxfp4', 32, 17],
  [40, 'nvfp4', 64, 36],
  [41, 'q1_0', 128, 18],
  [42, 'q2_0', 64, 18],
] as const

/** All current types. */
export const GGML_TYPES: readonly GgmlType[] = ROWS.map(([id, name, blockElements, blockBytes]) => ({
  id,
  name,
  blockElements,
  blockBytes,
}))

/** Types that ggml removed, by number. */
export const REMOVED_TYPES: ReadonlyMap<number, string> = new Map([
  [4, 'q4_2'],
  [5, 'q4_3'],
  [31, 'q4_0_4_4'],
  [32, 'q4_0_4_8'],
  [33, 'q4_0_8_8'],
  [36, 'iq4_nl_4_4'],
  [37, 'iq4_nl_4_8'],
  [38, 'iq4_nl_8_8'],
])

const byId: ReadonlyMap<number, GgmlType> = new Map(GGML_TYPES.map((type) => [type.id, type]))
const byName: ReadonlyMap<string, GgmlType> = new Map(GGML_TYPES.map((type) => [type.name, type]))

/** The type of a number, or undefined. @example ggmlType(2)?.name // 'q4_0' */
export function ggmlType(id: number): GgmlType | undefined {
  return byId.get(id)
}

/** The type of a name in lower case, or undefined. @example ggmlTypeByName('q6_k')?.blockBytes // 210 */
export function ggmlTypeByName(name: string): GgmlType | undefined {
  return byName.get(name)
}
