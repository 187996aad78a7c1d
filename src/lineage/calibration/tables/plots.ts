/**
 * Plots of a calibration as SVG: the null histogram, and the power curve. Plain text, no script, the same bytes for the
 * same tables; colours keep their contrast in print.
 */
import type { NullHistogram } from './statistics.ts'
import type { PowerPoint } from './tables.ts'

const WIDTH = 640
const HEIGHT = 320
const LEFT = 64
const BOTTOM = 52
const TOP = 36
const INK = '#0b0c0c'
const OURS = '#1d70b8'
const THEIRS = '#d4351c'

function x(share: number): string {
  return (LEFT + share * (WIDTH - LEFT - 16)).toFixed(1)
}

function y(share: number): string {
  return (HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)).toFixed(1)
}

function text(at: readonly [string, string], words: string, anchor = 'middle'): string {
  return `<text x="${at[0]}" y="${at[1]}" text-anchor="${anchor}" fill="${INK}">${words}</text>`
}

function frame(title: string, axis: string, inside: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13" role="img" aria-label="${title}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text([x(0), '20'], title, 'start'),
    `<path d="M${x(0)} ${y(1)}V${y(0)}H${x(1)}" fill="none" stroke="${INK}"/>`,
    text([x(0.5), String(HEIGHT - 12)], axis),
    ...inside,
    '</svg>',
    '',
  ].join('\n')
}

/** Observed numbers of cells as bars, Poisson(1) as dots. */
export function plotNull({ observed, expected, cells, p }: NullHistogram): string {
  const most = Math.max(1, ...observed, ...expected)
  const step = 1 / observed.length
  const bars = observed.map((count, k) => {
    const from = x(k * step + 0.15 * step)
    const wide = (Number(x(k * step + 0.85 * step)) - Number(from)).toFixed(1)
    return `<rect x="${from}" y="${y(count / most)}" width="${wide}" height="${(Number(y(0)) - Number(y(count / most))).toFixed(1)}" fill="${OURS}"/>`
  })
  const dots = expected.map(
    (count, k) =>
      `<circle cx="${x((k + 0.5) * step)}" cy="${y(count / most)}" r="5" fill="none" stroke="${THEIRS}" stroke-width="2"/>`,
  )
  const labels = observed.map(
    (count, k) =>
      text(
        [x((k + 0.5) * step), (Number(y(0)) + 18).toFixed(1)],
        `${k}${k === observed.length - 1 ? ' or more' : ''}`,
      ) + text([x((k + 0.5) * step), (Number(y(count / most)) - 8).toFixed(1)], String(count)),
  )
  const title = `Fixed points in ${cells} cells of unrelated models (bars) and Poisson(1) (rings); chi-squared p ${p}`
  return frame(title, 'fixed points of a cell', [...bars, ...dots, ...labels])
}

function line(points: readonly PowerPoint[], share: (point: PowerPoint) => number, colour: string): string {
  const path = points.map((point, i) => `${i === 0 ? 'M' : 'L'}${x(point.cosine)} ${y(share(point))}`).join('')
  const dots = points.map((point) => `<circle cx="${x(point.cosine)}" cy="${y(share(point))}" r="4" fill="${colour}"/>`)
  return [`<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`, ...dots].join('\n')
}

/** Shares of copies that are found and called derived, against the cosine that noise left. */
export function plotPower(points: readonly PowerPoint[]): string {
  const marks = [0, 0.25, 0.5, 0.75, 1]
  const labels = marks.flatMap((mark) => [
    text([x(mark), (Number(y(0)) + 18).toFixed(1)], String(mark)),
    text([(Number(x(0)) - 8).toFixed(1), (Number(y(mark)) + 4).toFixed(1)], `${100 * mark} %`, 'end'),
  ])
  const legend = [
    `<rect x="${x(0.62)}" y="${y(0.3)}" width="12" height="12" fill="${OURS}"/>`,
    text([(Number(x(0.62)) + 18).toFixed(1), (Number(y(0.3)) + 11).toFixed(1)], 'kinship found at 1e-6', 'start'),
    `<rect x="${x(0.62)}" y="${y(0.2)}" width="12" height="12" fill="${THEIRS}"/>`,
    text([(Number(x(0.62)) + 18).toFixed(1), (Number(y(0.2)) + 11).toFixed(1)], 'descent said', 'start'),
  ]
  const lines = [
    line(points, ({ kin }) => kin.count / Math.max(1, kin.of), OURS),
    line(points, ({ descent }) => descent.count / Math.max(1, descent.of), THEIRS),
  ]
  return frame('Copies moved by noise: what share is found', 'cosine of a matrix with its original', [
    ...lines,
    ...labels,
    ...legend,
  ])
}
