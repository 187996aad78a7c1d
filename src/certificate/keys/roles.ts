/**
 * Who may say what: the roles of keys, and the most that each can be allowed to sign.
 *
 * A keyring allows single predicate types to single keys, but never more than the role has. So a station's key signs no
 * clearance, whatever a keyring says: who tests does not decide, and who decides runs no annual test. Keys of logs, clocks and
 * witnesses sign no statements at all; they stand in the keyring so that one file says which keys there are.
 *
 * Source: design of keys, section 8; in-toto attestation framework 1.2 and OpenSSF Model Signing 1.0 for foreign types.
 */

/** The roles. */
export const ROLES = [
  'station',
  'officer',
  'regulator',
  'vendor',
  'importer',
  'log',
  'tsa',
  'witness',
  'status',
] as const

/** What a key is for. */
export type Role = (typeof ROLES)[number]

/** Type of one of our predicates. @example attestationType('clearance') // 'https://tidewaiter.example/attestation/clearance/v0.1' */
export function attestationType(name: string): string {
  return `https://tidewaiter.example/attestation/${name}/v0.1`
}

const OMS = 'https://model_signing/signature/v1.0'
const TEST_RESULT = 'https://in-toto.io/attestation/test-result/v0.1'
const SVR = 'https://in-toto.io/attestation/svr/v0.2'

function ours(...names: readonly string[]): readonly string[] {
  return names.map(attestationType)
}

const CEILINGS: Readonly<Record<Role, readonly string[]>> = {
  station: [...ours('test-intent', 'inspection', 'provenance-report', 'mot-result', 're-derivation'), OMS, TEST_RESULT],
  officer: [
    ...ours('inspection', 'provenance-report', 're-derivation', 'clearance', 'revocation', 'family', 'case'),
    SVR,
  ],
  regulator: [
    ...ours('inspection', 'provenance-report', 're-derivation', 'clearance', 'revocation', 'family', 'case'),
    SVR,
  ],
  vendor: [...ours('declaration', 'reply'), OMS],
  importer: [...ours('declaration', 'reply'), OMS],
  log: [],
  tsa: [],
  witness: [],
  status: ours('status-list'),
}

/** The predicate types that keys of a role can be allowed at most. */
export function ceilingOf(role: Role): readonly string[] {
  return CEILINGS[role]
}

/** True for roles whose keys belong to a unit: units are what a quorum counts. */
export function hasUnit(role: Role): boolean {
  return role === 'station' || role === 'officer' || role === 'regulator'
}
