/** The table of peers: what each says of each group. */
import { areaUnderCurve } from '../../src/lineage/calibration/tables/statistics.ts'

/** Scores of one method over the groups. */
export interface PeerScores {
  readonly method: string
  readonly threshold: number
  /** Group name to scores, in the order of the groups. */
  readonly scores: ReadonlyMap<string, readonly number[]>
}

function range(scores: readonly number[]): string {
  const show = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(3))
  return `${show(Math.min(...scores))} … ${show(Math.max(...scores))}`
}

/** Called related at the threshold; beyond all strangers; area under the curve; least and greatest score. */
function cell(scores: readonly number[], threshold: number, strangers: readonly number[] | null): string {
  if (scores.length === 0) return '–'
  const said = scores.filter((score) => score >= threshold).length
  if (strangers === null) return `${said} of ${scores.length} (${range(scores)})`
  const highest = Math.max(...strangers)
  const beyond = scores.filter((score) => score > highest).length
  return `${said} of ${scores.length}; ${beyond}; ${areaUnderCurve(scores, strangers).toFixed(2)} (${range(scores)})`
}

/** Markdown: a row a group, a column a method. @param strangers names of the groups of strangers, the first the null */
export function renderPeerTable(methods: readonly PeerScores[], strangers: readonly string[]): string {
  const groups = [...(methods[0]?.scores.keys() ?? [])]
  const rows = groups.map((group) => [
    group,
    ...methods.map(({ scores, threshold }) =>
      cell(
        scores.get(group) ?? [],
        threshold,
        strangers.includes(group) ? null : (scores.get(strangers[0] ?? '') ?? []),
      ),
    ),
  ])
  const head = ['pairs', ...methods.map(({ method }) => method)]
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
