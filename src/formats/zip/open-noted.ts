/**
 * Opens a member for a reader that reads it itself, as part of its own format.
 *
 * What is wrong with the content is an anomaly of the archive. With a wrong check sum it is read none the less, because
 * some loaders do not look at it; what cannot be unpacked at all leaves the archive not read in full.
 */
import { isFault } from '../../base/index.ts'
import type { ByteSource } from '../byte-source.ts'
import type { FactCollector } from '../fact-collector.ts'
import { quoteName } from '../names.ts'
import type { ReadRequest } from '../reader.ts'
import { ANOMALIES, type ZipAnomaly } from './anomalies.ts'
import { openZipMember } from './content.ts'
import type { ZipMember } from './index.ts'

const CODES: ReadonlySet<string> = new Set(ANOMALIES.map(({ code }) => code))

/** The content of a member, or undefined when it cannot be had, which is noted. @throws Fault `budget-…` */
export function openNoted(
  request: ReadRequest,
  facts: FactCollector<ZipAnomaly>,
  member: ZipMember,
): ByteSource | undefined {
  const locus = `member ${quoteName(member.name)}`
  const note = (code: ZipAnomaly, message: string): void =>
    facts.anomalies.add(code, `${locus}: ${message}`, { locus, offset: member.from, length: member.packedSize })
  try {
    return openZipMember(request, member, note)
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    const code = thrown.code === 'expansion-bomb' ? 'zip-ratio' : thrown.code
    if (!CODES.has(code)) throw thrown
    if (code !== 'zip-encrypted') note(code as ZipAnomaly, thrown.message)
    facts.leaveUnread(`${locus} could not be opened: ${thrown.message}`)
    return undefined
  }
}
