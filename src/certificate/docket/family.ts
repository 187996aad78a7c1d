/**
 * Families: which models are so near to each other that their dockets are read together.
 *
 * A byte that is changed makes another model with an empty docket; what the provenance engine says about its weights puts
 * it into the family of the first all the same. Calling models kin can be wrong, and is close to an accusation: each
 * split or merge is a signed leaf, and an appeal suspends it until an outcome stands beside it. While it is contested the
 * state before it holds, and the page says that it is contested, so that an appeal hides nothing.
 */
import { Fault } from '../../base/index.ts'
import {
  familyOf,
  standingOf,
  summariseDocket,
  validEntries,
  type ActStanding,
  type Docket,
  type DocketSummary,
} from './docket.ts'
import { answerEntries, type AnsweredEntry } from './replies.ts'

/** A split or merge and how it stands. */
export interface FamilyLink {
  readonly act: AnsweredEntry
  readonly standing: ActStanding
  readonly from: string
  readonly to: string
}

/** What the page of a family shows. */
export interface FamilyPage {
  /** The family that holds all others that were merged into it. */
  readonly familyId: string
  /** Families that it holds, itself among them. */
  readonly families: readonly string[]
  /** All dockets of the family, by model identity. */
  readonly dockets: readonly DocketSummary[]
  /** Every act by which a model or a family came or went, in force or not, with what was replied. */
  readonly links: readonly FamilyLink[]
}

function linksOf(docket: Docket): readonly FamilyLink[] {
  const entries = validEntries(docket)
  const answered = new Map(answerEntries(docket).map((each) => [each.entry.leaf.entry, each]))
  return entries
    .filter(({ leaf }) => leaf.kind === 'family')
    .flatMap(({ leaf }) => {
      const act = answered.get(leaf.entry)
      if (act === undefined || leaf.toFamily === undefined) return []
      return [{ act, standing: standingOf(leaf.entry, entries), from: leaf.familyId, to: leaf.toFamily }]
    })
}

function isMerge({ act, standing }: FamilyLink): boolean {
  return act.entry.leaf.action === 'merge' && standing === 'in-force'
}

/** Follows merges in force, in the order of the log; a ring of them is one family, by whatever way it is reached. */
function resolveFamily(familyId: string, merges: readonly FamilyLink[]): string {
  const into = new Map(merges.map(({ from, to }) => [from, to]))
  const seen = new Set<string>()
  let at = familyId
  for (let next = into.get(at); next !== undefined && !seen.has(at); next = into.get(at)) {
    seen.add(at)
    at = next
  }
  const path = [...seen]
  return seen.has(at) ? (path.slice(path.indexOf(at)).toSorted()[0] ?? at) : at
}

/**
 * The page of a family.
 *
 * @param now ms since 1970
 * @throws Fault `family-unknown` when no docket is of that family
 */
export function showFamily(familyId: string, dockets: Iterable<Docket>, now: number): FamilyPage {
  const all = [...dockets]
  const links = all.flatMap(linksOf).toSorted((a, b) => a.act.entry.index - b.act.entry.index)
  const merges = links.filter(isMerge)
  const whole = resolveFamily(familyId, merges)
  const members = all.filter((docket) => resolveFamily(familyOf(docket) ?? '', merges) === whole)
  if (members.length === 0) throw new Fault('family-unknown', `nothing was said of a model of ${familyId}`)
  const families = new Set([whole, ...members.flatMap((docket) => familyOf(docket) ?? [])])
  const isOfFamily = ({ from, to }: FamilyLink): boolean => families.has(from) || families.has(to)
  return {
    familyId: whole,
    families: [...families].toSorted(),
    dockets: members
      .flatMap((docket) => summariseDocket(docket, now) ?? [])
      .toSorted((a, b) => (a.modelId < b.modelId ? -1 : 1)),
    links: links.filter(isOfFamily),
  }
}

/** The identity of a family that a model founds. @throws Fault `family-founder` for what is no identity of a model */
export function foundFamily(modelId: string): string {
  const dirHash = /^tw1:([0-9a-f]{64})$/.exec(modelId)?.[1]
  if (dirHash === undefined) throw new Fault('family-founder', `"${modelId.slice(0, 80)}" is no identity of a model`)
  return `tf1:${dirHash}`
}
