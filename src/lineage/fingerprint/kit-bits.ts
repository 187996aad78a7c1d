/**
 * Sign bits of kits as rows of numbers: what two draws have in common, and ±1 for each bit.
 *
 * Coordinates weigh a little differently, so that distances do not tie; the weights do not look at the numbers of units.
 */

/** Numbers that both draws hold, and where they stand in each. */
export interface Common {
  readonly numbers: Uint32Array
  readonly inA: readonly number[]
  readonly inB: readonly number[]
}

/** What two draws have in common, in the order of the first. */
export function intersect(a: Uint32Array, b: Uint32Array): Common {
  const places = new Map([...b].map((number, place) => [number, place]))
  const shared = [...a].flatMap((number, place) => {
    const other = places.get(number)
    return other === undefined ? [] : [{ number, place, other }]
  })
  return {
    numbers: Uint32Array.from(shared, ({ number }) => number),
    inA: shared.map(({ place }) => place),
    inB: shared.map(({ other }) => other),
  }
}

/** Weights of the coordinates, all a little different. */
function tieBreakers(length: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => 1 + (((i + 1) * 0.6180339887498949) % 1) / 16)
}

function signAt(bits: Uint8Array, at: { readonly byte: number; readonly bit: number }): number {
  return ((bits[at.byte + (at.bit >> 3)] ?? 0) >> (at.bit & 7)) & 1 ? -1 : 1
}

/** What of a packed matrix is wanted: rows, and columns within each of some groups of whole bytes. */
export interface Unpacking {
  readonly rows: readonly number[]
  readonly rowBytes: number
  /** First byte of each group within a row. */
  readonly groups: readonly number[]
  readonly columns: readonly number[]
}

/** Unpacks signs as ±1 with their weights, rows × (groups × columns). */
export function unpack(bits: Uint8Array, { rows, rowBytes, groups, columns }: Unpacking): Float32Array {
  const width = groups.length * columns.length
  const weights = tieBreakers(width)
  const out = new Float32Array(rows.length * width)
  let to = 0
  for (const row of rows)
    for (const [g, group] of groups.entries())
      for (const [c, column] of columns.entries()) {
        const weight = weights[g * columns.length + c] ?? 1
        out[to++] = weight * signAt(bits, { byte: row * rowBytes + group, bit: column })
      }
  return out
}
