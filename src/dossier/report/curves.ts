/**
 * Two more drawings for the report, as SVG without script: which unit each unit found, and the power curve.
 *
 * Like those in `charts.ts` they stand beside a sentence that holds their numbers.
 */
import { html, type Html } from '../../base/index.ts'
import type { PowerPoint, Scatter } from '../../lineage/index.ts'

const SIDE = 200
const MARGIN = 40

function frame(label: string, content: Html): Html {
  const size = SIDE + 2 * MARGIN
  return html`<svg role="img" aria-label="${label}" width="${size}" height="${size}" viewBox="0 0 ${size} ${size}">
    <rect x="${MARGIN}" y="${MARGIN}" width="${SIDE}" height="${SIDE}" fill="none" stroke="#111" />
    ${content}
  </svg>`
}

function place(share: number): number {
  return Math.round(10 * share * SIDE) / 10
}

/** Units of one layer (to the right) and the numbers of their nearest units (upwards); a child lies on the diagonal. */
export function drawScatter({ units, nearest }: Scatter): Html {
  const top = Math.max(1, ...units, ...nearest)
  const points = units.flatMap((unit, i) => {
    const found = nearest[i] ?? -1
    if (found < 0) return []
    const fill = found === unit ? 'hsl(212 70% 35%)' : 'hsl(30 80% 50%)'
    return [
      html`<circle cx="${MARGIN + place(unit / top)}" cy="${MARGIN + SIDE - place(found / top)}" r="2" fill="${fill}" />`,
    ]
  })
  const labels = html`<text x="${MARGIN + SIDE}" y="${MARGIN + SIDE + 16}" text-anchor="end">unit of this model →</text>
    <text x="${MARGIN}" y="${MARGIN - 8}">↑ its nearest unit in the other</text>`
  return frame('For each unit the number of its nearest unit in the other model', html`${labels}${points}`)
}

/** Probability of a finding against the cosine that units kept. */
export function drawPower(curve: readonly PowerPoint[], detectable: number | null): Html {
  const last = Math.max(0.01, ...curve.map(({ cosine }) => cosine))
  const at = ({ cosine, power }: PowerPoint): string =>
    `${MARGIN + place(cosine / last)},${MARGIN + SIDE - place(power)}`
  const mark =
    detectable !== null &&
    detectable <= last &&
    html`<line
      x1="${MARGIN + place(detectable / last)}"
      x2="${MARGIN + place(detectable / last)}"
      y1="${MARGIN}"
      y2="${MARGIN + SIDE}"
      stroke="#111"
      stroke-dasharray="4 3"
    />`
  const labels = html`<text x="${MARGIN + SIDE}" y="${MARGIN + SIDE + 16}" text-anchor="end">
      cosine that units kept, up to ${last.toFixed(2)} →
    </text>
    <text x="${MARGIN}" y="${MARGIN - 8}">↑ probability of a finding</text>
    <text x="${MARGIN - 6}" y="${MARGIN + 6}" text-anchor="end">1</text>
    <text x="${MARGIN - 6}" y="${MARGIN + SIDE}" text-anchor="end">0</text>`
  return frame(
    'Power: probability of a finding against the cosine that units kept',
    html`${labels}${mark}<polyline points="${curve.map(at).join(' ')}" fill="none" stroke="hsl(212 70% 35%)" stroke-width="2" />`,
  )
}
