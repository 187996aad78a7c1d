/** An attribution in a terminal. */
import { showUnseen } from '../../base/index.ts'
import type { Attribution } from '../../lineage/attribution/index.ts'

function renderRanking({ ranking }: Attribution): string[] {
  if (ranking.length < 2) return []
  const tied = ranking.filter(({ place }) => place === 1)
  const order = ranking.map(
    ({ ref, place, distance }) =>
      `${place} ${showUnseen(ref)}${distance === null ? '' : ` (distance ${distance.toFixed(4)})`}`,
  )
  const note = tied.length > 1 ? ['  Those on place 1 cannot be put in order by their weights.'] : []
  return [`  Nearest:  ${order.join('; ')}`, ...note]
}

/** Lines for a terminal; none when nothing can be said. @param declaration sentences about declared parents */
export function renderAttribution(attribution: Attribution, declaration: readonly string[]): string[] {
  const { outcome, reasons } = attribution
  const lines = [
    ...reasons.map((reason) => `  - ${showUnseen(reason)}`),
    ...renderRanking(attribution),
    ...declaration.map((sentence) => `  ${showUnseen(sentence)}`),
  ]
  return lines.length === 0 ? [] : ['', `Parents: ${outcome}`, ...lines]
}
