/** The order of the folders of `src/`, read out of ARCHITECTURE.md: its table, and what it says of doors. */

/** See the module. */
export interface LayerOrder {
  /** Position of each folder; folders with the same position never import from each other. */
  readonly ranks: ReadonlyMap<string, number>
  /** Folders that the page names for later and that must not exist yet. */
  readonly later: ReadonlySet<string>
  /** The folder that wires everything: it alone may use `verify.ts`. */
  readonly last: string | undefined
  /** Parts of folders that may be entered through an `index.ts` of their own: `lineage/secret`. */
  readonly doors: ReadonlySet<string>
  /** Folders that the public verifier may reach. */
  readonly verifyReaches: ReadonlySet<string>
}

const ROW = /^\|\s*(?<rank>\d+)\s*\|\s*`(?<name>[a-z-]+)\/`\s*(?<note>[^|]*)\|/gm
const VERIFY = /`verify\.ts` reaches only (?<names>[^.;]+)/
const DOORS = /doors of their own: (?<names>[^.;]+)/

/** What stands between backticks in the first match, without a closing slash. */
function namesIn(page: string, pattern: RegExp): ReadonlySet<string> {
  const names = pattern.exec(page)?.groups?.['names'] ?? ''
  return new Set([...names.matchAll(/`(?<name>[a-z/-]+?)\/?`/g)].map(({ groups }) => groups?.['name'] ?? ''))
}

/**
 * Reads the rows `| 3 | `artefact/` | … |`; a note `(later)` after the name marks a folder that is still to come.
 *
 * @example
 * readOrder('| 1 | `base/` | bytes |').ranks.get('base') // 1
 */
export function readOrder(page: string): LayerOrder {
  const rows = [...page.matchAll(ROW)].map(({ groups }) => ({
    name: groups?.['name'] ?? '',
    rank: Number(groups?.['rank']),
    later: groups?.['note']?.includes('later') ?? false,
  }))
  return {
    ranks: new Map(rows.map(({ name, rank }) => [name, rank])),
    last: rows.at(-1)?.name,
    later: new Set(rows.filter(({ later }) => later).map(({ name }) => name)),
    doors: namesIn(page, DOORS),
    verifyReaches: namesIn(page, VERIFY),
  }
}
