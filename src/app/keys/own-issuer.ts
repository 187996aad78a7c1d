/** Who speaks for this installation in statements that go on the record. */
import type { Issuer } from '../../certificate/index.ts'

/** The issuer of whatever this installation says: its key, its role, and its name where the settings give one. */
export function describeIssuer(settings: { readonly issuer?: string | undefined }, keyId: string): Issuer {
  const { issuer: name } = settings
  return { keyId, role: 'regulator', ...(name === undefined ? {} : { name }) }
}
