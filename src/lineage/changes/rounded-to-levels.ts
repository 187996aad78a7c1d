/**
 * Did one side's few levels come from the other side's values?
 *
 * A model that was quantised and stored as floats again is what people quantise and also what they train on, so few
 * levels alone do not say who is the child. If the values of the other side were rounded to these levels, each level is
 * the nearest to its value, and many distances come near half the gap. Training that began from the levels and leaves as
 * few beyond the half leaves few near it (a normal spread with 1.5 % beyond has 3.7 % between 0.4 and 0.5).
 *
 * Guarantee: pure. Source: error of a uniform quantiser, W. R. Bennett, Bell System Technical Journal 27 (1948).
 */

/** Share of values whose nearest level must be the one that was stored. */
const NEAREST = 0.985
/** Share of values that must lie near the middle between levels: 0.2 for values rounded to fine levels. */
const NEAR_MIDDLE = 0.06
const MIDDLE = 0.4

interface Tally {
  nearest: number
  nearMiddle: number
  values: number
}

function tallyGroup(tally: Tally, levels: Float32Array, values: Float32Array): void {
  const sorted = [...new Set(levels)].toSorted((x, y) => x - y)
  const places = new Map(sorted.map((level, place) => [level, place]))
  for (const [i, level] of levels.entries()) {
    const value = values[i] ?? 0
    const place = places.get(level) ?? 0
    const below = sorted[place - 1]
    const above = sorted[place + 1]
    const distance = Math.abs(value - level)
    const gap = Math.min(level - (below ?? -Infinity), (above ?? Infinity) - level)
    if (!Number.isFinite(gap)) continue
    tally.values += 1
    if (distance >= MIDDLE * gap) tally.nearMiddle += 1
    const isNearest =
      distance <= Math.abs(value - (below ?? -Infinity)) && distance <= Math.abs(value - (above ?? Infinity))
    if (isNearest) tally.nearest += 1
  }
}

/** One row of either side, of the same length. */
export type RowPair = readonly [levels: Float32Array, values: Float32Array]

/** True when the values were rounded to the levels; see the module. @param group values that share their levels */
export function areRoundedToLevels(rows: readonly RowPair[], group: number): boolean {
  const tally: Tally = { nearest: 0, nearMiddle: 0, values: 0 }
  for (const [levels, values] of rows)
    for (let at = 0; at + group <= levels.length; at += group)
      tallyGroup(tally, levels.subarray(at, at + group), values.subarray(at, at + group))
  const { values, nearest, nearMiddle } = tally
  return values > 0 && nearest >= NEAREST * values && nearMiddle >= NEAR_MIDDLE * values
}
