/**
 * Names of certificates: the two parts that `trusted_root.json` repeats.
 *
 * Source: RFC 5280 section 4.1.2.4; sigstore/protobuf-specs, `DistinguishedName`.
 */
import { DerReader, TAG } from './der.ts'
import { OID } from './oids.ts'

/** Empty where the name has no such part. */
export interface SubjectName {
  readonly organization: string
  readonly commonName: string
}

const PRINTABLE = 0x13
const decoder = new TextDecoder()

/** Organisation and common name out of a name in DER. Bytes that are not UTF-8 become U+FFFD. @throws Fault `der` */
export function readSubject(name: Uint8Array): SubjectName {
  const parts = new Map<string, string>()
  const sets = new DerReader(name, 'name').enter(TAG.sequence)
  while (!sets.done) {
    const set = sets.enter(TAG.set)
    while (!set.done) {
      const part = set.enter(TAG.sequence)
      const type = part.oid()
      const { tag, content } = part.any()
      if (tag === TAG.utf8 || tag === PRINTABLE) parts.set(type, decoder.decode(content))
    }
  }
  return { organization: parts.get(OID.organizationName) ?? '', commonName: parts.get(OID.commonName) ?? '' }
}
