/**
 * Deep inspection by the fixed points of up to 2048 units in every cell of the layer map.
 *
 * The ordinary comparison looks up 64 or 128 units of wide layers by some of their coordinates, which finds all but the
 * faintest kinship. This takes 2048 units by all their coordinates: the least cosine between a unit and its descendant
 * that is still found falls with the number of coordinates, and the bound with that of the units. Each step fills one
 * cell; what is said in the end is said by the same rules.
 */
import type { Json } from '../../base/index.ts'
import type { ModelSide } from '../compare.ts'
import { assembleComparison } from '../weights/assemble-comparison.ts'
import { gatherFromWeights } from '../weights/compare-weights.ts'
import type { Comparison } from '../weights/comparison.ts'
import type { ViewCell } from '../weights/layer-map.ts'
import { testableMlps, type Mlp } from '../weights/mlp.ts'
import { draw, pairSeed } from '../weights/sampling.ts'
import { readLayerUnits, viewCells, type MapPlan, type MappedLayer } from '../weights/unit-views.ts'
import { openWeights, type Weights } from '../weights/weights.ts'
import type { DeepInspection, DeepWork } from './deep-inspection.ts'

const MOST_UNITS = 2048

/** What is kept: the cells so far, in the order of the layers. */
interface KeptCells {
  readonly next: number
  readonly cells: readonly ViewCell[]
}

/** As many units and coordinates as both have. */
function planCells(a: readonly Mlp[], b: readonly Mlp[], seed: string): MapPlan {
  const [first, second] = [a[0], b[0]]
  if (first?.inner === undefined || first.inner !== second?.inner)
    return { units: new Uint32Array(0), coordinates: new Uint32Array(0) }
  const width = Math.min(...[...a, ...b].map((mlp) => mlp.width))
  const units = draw(seed, 'units', { size: width, count: Math.min(width, MOST_UNITS) })
  return { units, coordinates: Uint32Array.from({ length: first.inner }, (_, i) => i) }
}

class CellWork implements DeepWork {
  readonly #sides: readonly [Weights, Weights]
  readonly #mlps: readonly [readonly Mlp[], readonly Mlp[]]
  readonly #seed: string
  readonly #plan: MapPlan
  readonly #cells: ViewCell[]
  #next: number
  #row: MappedLayer | undefined

  constructor(a: ModelSide, b: ModelSide, kept: KeptCells) {
    this.#seed = pairSeed(a.opened.artefact.id, b.opened.artefact.id)
    this.#sides = [openWeights(a.opened, a.facts), openWeights(b.opened, b.facts)]
    const [mlpsA, mlpsB] = [testableMlps(this.#sides[0].model), testableMlps(this.#sides[1].model)]
    this.#mlps = [mlpsA, mlpsB]
    this.#plan = planCells(mlpsA, mlpsB, this.#seed)
    this.#cells = [...kept.cells]
    this.#next = kept.next
  }

  #total(): number {
    const [a, b] = this.#mlps
    return this.#plan.units.length === 0 ? 0 : a.length * b.length
  }

  progress() {
    const across = Math.max(1, this.#mlps[1].length)
    const [a, b] = [Math.floor(this.#next / across), this.#next % across]
    const total = this.#total()
    const note = this.#next < total ? `layer ${a} of A against layer ${b} of B` : 'what the cells say'
    return { done: this.#next, total: total + 1, note }
  }

  state(): Json {
    return JSON.parse(JSON.stringify({ next: this.#next, cells: this.#cells })) as Json
  }

  async advance(): Promise<Comparison | undefined> {
    if (this.#next < this.#total()) {
      this.#fillCell()
      return undefined
    }
    const [a, b] = this.#sides
    return assembleComparison(gatherFromWeights(a, b, { seed: this.#seed, cells: this.#cells }), this.#seed)
  }

  /** The next cell. The layer of A is read once for the whole of its row. */
  #fillCell(): void {
    const [ours, theirs] = this.#mlps
    const mine = ours[Math.floor(this.#next / theirs.length)]
    const other = theirs[this.#next % theirs.length]
    if (mine === undefined || other === undefined) return
    const [a, b] = this.#sides
    if (this.#row?.layer !== mine.layer) this.#row = { layer: mine.layer, units: readLayerUnits(a, mine, this.#plan) }
    const units = readLayerUnits(b, other, this.#plan)
    const cells = viewCells(this.#row, { layer: other.layer, units }, this.#plan)
    // Thousands of numbers for each cell would make the state large, and are wanted of one cell only.
    this.#cells.push(...cells.map(({ neighbours: _neighbours, ...cell }) => cell))
    this.#next += 1
  }

  close(): void {
    for (const side of this.#sides) side.close()
  }
}

/** See the module. */
export const everyCell: DeepInspection = {
  kind: 'every-cell/1',
  open: (a, b, kept) => new CellWork(a, b, kept === null ? { next: 0, cells: [] } : (kept as unknown as KeptCells)),
}
