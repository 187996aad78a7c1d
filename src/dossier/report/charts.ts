/**
 * Two drawings for the report, as SVG without script: the layer map as a heat map, and the histogram of fixed points
 * against the Poisson distribution that independence would give.
 *
 * Each has a table twin or a caption with the numbers, because a drawing is no evidence. Colours keep their order when
 * printed in grey.
 */
import { html, logPoisson, type Html } from '../../base/index.ts'
import type { LayerCell, NegativeControl } from '../../lineage/index.ts'

const CELL = 14
const MARGIN = 40

function shade({ fixed, sampled }: LayerCell): string {
  const share = sampled === 0 ? 0 : fixed / sampled
  const light = Math.round(96 - 76 * Math.sqrt(share))
  return `hsl(212 70% ${light}%)`
}

function distinct(values: readonly number[]): readonly number[] {
  return [...new Set(values)].toSorted((a, b) => a - b)
}

/** The layer map: rows are layers of this model, columns layers of the other; the darker, the more units agree. */
export function drawLayerMap(cells: readonly LayerCell[]): Html {
  const rows = distinct(cells.map(({ a }) => a))
  const columns = distinct(cells.map(({ b }) => b))
  const width = Math.max(220, MARGIN + columns.length * CELL + 10)
  const height = MARGIN + rows.length * CELL + 10
  const squares = cells.map((cell) => {
    const x = MARGIN + columns.indexOf(cell.b) * CELL
    const y = MARGIN + rows.indexOf(cell.a) * CELL
    const title = `layer ${cell.a} against ${cell.b}: ${cell.fixed} of ${cell.sampled} units agree, log10 p ≤ ${cell.log10p.toFixed(1)}`
    return html`<rect x="${x}" y="${y}" width="${CELL - 1}" height="${CELL - 1}" fill="${shade(cell)}"
      ><title>${title}</title></rect
    >`
  })
  const every = Math.max(1, Math.ceil(rows.length / 16))
  const rowLabels = rows.map(
    (row, i) =>
      i % every === 0 &&
      html`<text x="${MARGIN - 6}" y="${MARGIN + i * CELL + CELL - 4}" text-anchor="end">${row}</text>`,
  )
  const columnLabels = columns.map(
    (column, i) =>
      i % every === 0 &&
      html`<text x="${MARGIN + i * CELL + CELL / 2}" y="${MARGIN - 6}" text-anchor="middle">${column}</text>`,
  )
  return html`<svg
    role="img"
    aria-label="Layer map: share of units that agree for each pair of layers"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
  >
    <text x="${MARGIN}" y="14">layers of the other model →</text>
    ${rowLabels}${columnLabels}${squares}
  </svg>`
}

/** Expected number of cells with `k` fixed points (for the last bar: with `k` or more) under Poisson(1). */
function expectedCells(control: NegativeControl, k: number): number {
  const last = control.counts.length - 1
  if (k < last) return control.cells * Math.exp(logPoisson(k, 1))
  const below = Array.from({ length: last }, (_, i) => Math.exp(logPoisson(i, 1))).reduce((sum, p) => sum + p, 0)
  return control.cells * Math.max(0, 1 - below)
}

/** Observed cells (bars) against what independent numbering gives (line marks). */
export function drawControl(control: NegativeControl): Html {
  const bars = control.counts.map((observed, k) => ({ k, observed, expected: expectedCells(control, k) }))
  const top = Math.max(1, ...bars.flatMap(({ observed, expected }) => [observed, expected]))
  const scale = (value: number): number => Math.round((value / top) * 120)
  const drawn = bars.map(({ k, observed, expected }) => {
    const x = MARGIN + k * 44
    const label = k === bars.length - 1 ? `${k}+` : `${k}`
    return html`<rect
        x="${x}"
        y="${140 - scale(observed)}"
        width="30"
        height="${scale(observed)}"
        fill="hsl(212 55% 55%)"
        ><title>${observed} cells with ${label} fixed points; ${expected.toFixed(1)} expected</title></rect
      >
      <line
        x1="${x - 4}"
        x2="${x + 34}"
        y1="${140 - scale(expected)}"
        y2="${140 - scale(expected)}"
        stroke="#111"
        stroke-width="2"
      />
      <text x="${x + 15}" y="156" text-anchor="middle">${label}</text>`
  })
  const width = MARGIN + bars.length * 44 + 10
  return html`<svg
    role="img"
    aria-label="Histogram of fixed points in unmatched cells against Poisson(1)"
    width="${width}"
    height="164"
    viewBox="0 0 ${width} 164"
  >
    ${drawn}
    <line x1="${MARGIN - 6}" x2="${width - 6}" y1="140" y2="140" stroke="#111" />
    
  </svg>`
}
