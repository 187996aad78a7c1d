/**
 * The policy that a log publishes unless it is told otherwise: more than half of the stations, and one outside party.
 *
 * Stations watch each other, so a lie needs a majority of them; the outside party sees to it that even all of them
 * together cannot tell one alone. Without outside parties the majority is all there is.
 */
import { Fault } from '../../base/index.ts'

/** A witness of the policy to be. */
export interface WitnessEntry {
  /** Name within the policy. */
  readonly name: string
  /** Its keys, such as one of Ed25519 and one of ML-DSA-44; any one of them is enough, and all count once. */
  readonly vkeys: readonly string[]
  readonly url?: string
}

/** Who is in the policy. */
export interface PolicyContent {
  /** Keys of the log: Ed25519 and ML-DSA-44. */
  readonly logs: readonly { readonly vkey: string; readonly url?: string }[]
  readonly stations: readonly WitnessEntry[]
  readonly outside: readonly WitnessEntry[]
}

const words = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join(' ')

function group(name: string, threshold: number | 'any', members: readonly WitnessEntry[]): string {
  return words('group', name, String(threshold), ...members.map((member) => member.name))
}

/** Lines of one witness; several keys become a group of which any is enough. */
function witnessLines({ name, vkeys, url }: WitnessEntry): readonly string[] {
  const names = vkeys.length > 1 ? vkeys.map((_, at) => `${name}.${at + 1}`) : [name]
  const lines = vkeys.map((vkey, at) => words('witness', names[at], vkey, url))
  return vkeys.length > 1 ? [...lines, words('group', name, 'any', ...names)] : lines
}

/** The text of the policy. @throws Fault `policy` when nobody is named or a word has a space in it */
export function writeDefaultPolicy({ logs, stations, outside }: PolicyContent): string {
  const witnesses = [...stations, ...outside]
  if (logs.length === 0 || stations.length === 0 || witnesses.some(({ vkeys }) => vkeys.length === 0))
    throw new Fault('policy', 'a policy has a log, a station, and a key for each')
  const parts = [...logs.map(({ vkey }) => vkey), ...witnesses.flatMap(({ name, vkeys }) => [name, ...vkeys])]
  const urls = [...logs, ...witnesses].flatMap(({ url }) => url ?? [])
  if (![...parts, ...urls].every((part) => /^[^\s\0-\x1f]+$/.test(part)))
    throw new Fault('policy', 'names, keys and addresses have no spaces')
  const groups = [group('stations', Math.floor(stations.length / 2) + 1, stations)]
  if (outside.length > 0) groups.push(group('outside', 'any', outside), 'group both all stations outside')
  const lines = [
    ...logs.map(({ vkey, url }) => words('log', vkey, url)),
    ...witnesses.flatMap(witnessLines),
    ...groups,
    `quorum ${outside.length > 0 ? 'both' : 'stations'}`,
  ]
  return `${lines.join('\n')}\n`
}
