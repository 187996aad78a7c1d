/** A comparison in a terminal. */
import { showUnseen, formatBytes, formatLog10p } from '../../base/index.ts'
import type { Comparison } from '../../lineage/index.ts'

function renderControl({ control }: Comparison): string {
  if (control === null) return 'Control:   none; this pair has no unmatched cells'
  const { cells, mean, variance, maximum, p, holds } = control
  return `Control:   ${cells} unmatched cells, mean ${mean.toFixed(2)}, variance ${variance.toFixed(2)}, maximum ${maximum}, chi-squared p ${p.toPrecision(2)}: ${holds ? 'holds' : 'FAILS, the test is invalid for this pair'}`
}

function renderPower({ power }: Comparison): string[] {
  if (power === undefined || power === null) return []
  const { detectable } = power
  const least =
    detectable === null
      ? 'not even a copy would be found surely'
      : `units that kept a cosine of ${detectable.toFixed(2)} or more, 95 times in 100`
  return [`Could see: ${least}`]
}

function renderPanel({ panel }: Comparison): string[] {
  if (panel === undefined) return []
  const { models, atLeast, p, enough } = panel
  const note = enough ? '' : ', too few to say much'
  return [
    `Panel:     ${atLeast} of ${models} other models of this shape score as high, conformal p ${p.toPrecision(2)}${note}`,
  ]
}

function renderSamples({ firstAnswer = [] }: Comparison): readonly string[] {
  return firstAnswer.map(
    ({ side, layers, of, bytes, requests, size }) =>
      `Read of ${side}: ${layers} of ${of} layers, ${formatBytes(bytes)} of ${formatBytes(size)}${requests === 0 ? '' : ` in ${requests} requests`}`,
  )
}

function quoteWord(word: string): string {
  return /^[\w./:@=+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

/** That labels are scrambled, and how to write down how one model becomes the other. */
function renderScrambling({ alignment }: Comparison, a: string, b: string): string[] {
  if (alignment === undefined || alignment === null || !alignment.scrambled) return []
  const { test, layers } = alignment
  const sum = (count: 'agreed' | 'sampled' | 'numbered'): number => layers.reduce((all, layer) => all + layer[count], 0)
  const [agreed, sampled, numbered] = [sum('agreed'), sum('sampled'), sum('numbered')]
  const command = `tidewaiter exhibit ${quoteWord(a)} ${quoteWord(b)} --out exhibit.json`
  return [
    `Labels:    SCRAMBLED: ${agreed} of ${sampled} units have a partner (${test}), ${numbered} of them at their own number`,
    test === 'C4'
      ? 'Exhibit:   none: a turn that was found blindly is not written to exhibits'
      : `Exhibit:   ${showUnseen(command)} writes down how one becomes the other`,
  ]
}

function renderSigns({ signs = [] }: Comparison): string[] {
  return signs.map(
    ({ name, child, reliability, nats, evidence }) =>
      `           ${name} names ${child.toUpperCase()} (right in ${(100 * reliability).toFixed(1)} %, ${nats.toFixed(1)} nats): ${evidence}`,
  )
}

/** Lines for a terminal: verdict and reasons, then the tests with their assumptions, then what was not tested. */
export function renderComparison(comparison: Comparison, a: string, b: string): string {
  const { verdict, kind, log10p, direction, transformations, tests, effect, reasons, untested } = comparison
  const lines = [
    `${verdict.toUpperCase()}${kind === undefined ? '' : `, ${kind}`}  ${showUnseen(a)}  against  ${showUnseen(b)}`,
    ...reasons.map((reason) => `  - ${showUnseen(reason)}`),
    '',
    `p:         ${formatLog10p(log10p)} if the two were independent, all tests counted together`,
    `Effect:    ${effect === null ? 'not measured' : `${(100 * effect.share).toFixed(1)} % of units agree (95 % interval ${(100 * effect.low).toFixed(1)} to ${(100 * effect.high).toFixed(1)})`}`,
    `Direction: ${direction}`,
    ...renderSigns(comparison),
    ...(transformations.length === 0 ? [] : [`Changes:   ${transformations.join('; ')}`]),
    ...renderScrambling(comparison, a, b),
    renderControl(comparison),
    ...renderPower(comparison),
    ...renderPanel(comparison),
    ...renderSamples(comparison),
    '',
    'Tests:',
    ...tests.map(
      ({ id, view, statistic, log10p: p }) =>
        `  ${id.padEnd(6)} ${view}: ${statistic}${p === null ? '' : `, p ${formatLog10p(p)}`}`,
    ),
    ...[...new Set(tests.map(({ assumption }) => assumption).filter((each) => each !== ''))].map(
      (each) => `  assumes: ${each}`,
    ),
  ]
  return [
    ...lines,
    ...(untested.length === 0 ? [] : ['', 'Not tested:', ...untested.map((each) => `  - ${each}`)]),
  ].join('\n')
}
