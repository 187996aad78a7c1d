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
  readonly vkey: string
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

/** The text of the policy. @throws Fault `policy` when nobody is named or a word has a space in it */
export function writeDefaultPolicy({ logs, stations, outside }: PolicyContent): string {
  if (logs.length === 0 || stations.length === 0) throw new Fault('policy', 'a policy has a log and a station')
  const witnesses = [...stations, ...outside]
  const parts = [...logs, ...witnesses].flatMap((entry) => Object.values(entry))
  if (parts.some((part) => typeof part === 'string' && !/^[^\s\0-\x1f]+$/.test(part)))
    throw new Fault('policy', 'names, keys and addresses have no spaces')
  const majority = Math.floor(stations.length / 2) + 1
  const groups = [group('stations', majority, stations)]
  if (outside.length > 0) groups.push(group('outside', 'any', outside), 'group both all stations outside')
  const lines = [
    ...logs.map(({ vkey, url }) => words('log', vkey, url)),
    ...witnesses.map(({ name, vkey, url }) => words('witness', name, vkey, url)),
    ...groups,
    `quorum ${outside.length > 0 ? 'both' : 'stations'}`,
  ]
  return `${lines.join('\n')}\n`
}
