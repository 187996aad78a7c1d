/** Dependencies that a requirements.txt leaves open: by address, or without one fixed version. */
import type { Observation, Subject } from '../rule.ts'
import { quote } from '../wording.ts'

const MOST = 32
const PINNED = /^[A-Za-z0-9][\w.-]*(?:\[[^\]]{0,200}\])?\s*===?\s*[\w.!+-]+$/
const BY_ADDRESS = /^(?:-e\s+)?(?:git\+|https?:|file:)|\s@\s/i

const ELSEWHERE = /^(?:--(?:extra-)?index-url|-i|--find-links|-f|--trusted-host)[\s=]/

function objectionTo(line: string): string | undefined {
  const requirement = (line.split(/\s#|^#|;|\s--hash/)[0] ?? '').trim()
  if (ELSEWHERE.test(requirement)) return `${quote(requirement)} has packages looked for at another place`
  if (requirement === '' || (requirement.startsWith('-') && !requirement.startsWith('-e '))) return undefined
  if (BY_ADDRESS.test(requirement)) return `${quote(requirement)} is fetched from an address`
  return PINNED.test(requirement) ? undefined : `${quote(requirement)} is not fixed to one version`
}

/** One observation for each open dependency, at most 32 a file. */
export function observeRequirements({ facts }: Subject): readonly Observation[] {
  return facts.files
    .filter(({ path }) => /(?:^|\/)requirements[\w.-]*\.txt$/.test(path))
    .flatMap(({ path, texts = [] }) =>
      texts
        .flatMap(({ text }) => text.split('\n'))
        .flatMap((line) => {
          const message = objectionTo(line)
          return message === undefined ? [] : [{ path, locus: `requirement ${quote(line.trim())}`, message }]
        })
        .slice(0, MOST),
    )
}
