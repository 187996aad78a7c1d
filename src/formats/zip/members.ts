/**
 * Hands the members of an archive to the readers of what they are.
 *
 * A member that cannot be unpacked, or whose check sum is wrong, is an anomaly of the archive; with a wrong check sum it
 * is read none the less, because some loaders do not look at it.
 */
import { isFault } from '../../base/index.ts'
import type { FactCollector } from '../fact-collector.ts'
import type { ClaimRole, FileFacts } from '../facts.ts'
import { quoteName } from '../names.ts'
import type { ReadRequest } from '../reader.ts'
import { ANOMALIES, type ZipAnomaly } from './anomalies.ts'
import { isStored, openZipMember } from './content.ts'
import type { ZipMember } from './index.ts'

/** Bytes of the largest member that a peek reads. */
const MOST_PEEKED = 1024 * 1024

const CODES: ReadonlySet<string> = new Set(ANOMALIES.map(({ code }) => code))

/**
 * Opens a member and has it read; undefined when it cannot be opened, which is then noted.
 *
 * @param format id of the reader to use, where it is known
 * @throws Fault `budget-…`; `Pending`
 */
export function takeZipMember(
  request: ReadRequest,
  facts: FactCollector<ZipAnomaly>,
  member: ZipMember & { readonly format?: string },
): FileFacts | undefined {
  const { name, from, packedSize, format } = member
  const quoted = quoteName(name)
  const note = (code: ZipAnomaly, message: string): void =>
    facts.anomalies.add(code, `${quoted}: ${message}`, { locus: `member ${quoted}`, offset: from, length: packedSize })
  try {
    const source = openZipMember(request, member, note)
    const place = isStored(member) ? { at: from } : {}
    return request.readMember({ name, source, ...place, ...(format === undefined ? {} : { format }) })
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    if (thrown.code === 'expansion-bomb') note('zip-ratio', thrown.message)
    else if (!CODES.has(thrown.code)) throw thrown
    // That a member is encrypted was noted when it was listed.
    else if (thrown.code !== 'zip-encrypted') note(thrown.code as ZipAnomaly, thrown.message)
    return undefined
  }
}

/** Claims the data of all members and has them read; folders have none. @throws as {@link takeZipMember} */
export function readZipMembers(
  request: ReadRequest,
  facts: FactCollector<ZipAnomaly>,
  { members, role = 'opaque' }: { readonly members: readonly ZipMember[]; readonly role?: ClaimRole },
): void {
  for (const member of members) {
    if (request.peek && member.packedSize > MOST_PEEKED) {
      facts.leaveUnread(`${quoteName(member.name)} is too large to be looked at before all of it is fetched`)
      continue
    }
    facts.claim(role, member.from, member.from + member.packedSize)
    if (!member.isFolder || member.size > 0) takeZipMember(request, facts, member)
  }
}
