/** Findings as SARIF results. */
import type { Finding } from '../finding.ts'
import { fingerprintsOf } from '../fingerprint.ts'
import { ruleById, RULES } from '../rules/index.ts'
import { levelOf, type Level } from './rules.ts'
import { taxaOf, type TaxonReference } from './taxonomies.ts'

/** What GitHub takes of one run; the results come worst first. */
export const MOST_RESULTS = 25_000
const LONGEST_MESSAGE = 1000

/** A place in a file. */
export interface SarifLocation {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string }
    readonly region?: { readonly byteOffset: number; readonly byteLength?: number }
  }
  readonly logicalLocations?: readonly { readonly name: string; readonly fullyQualifiedName: string }[]
}

/** One finding. */
export interface SarifResult {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly kind: 'fail'
  readonly level: Level
  readonly message: { readonly text: string }
  readonly locations: readonly [SarifLocation]
  readonly partialFingerprints: { readonly 'tidewaiter/v1': string; readonly primaryLocationLineHash: string }
  readonly taxa: readonly TaxonReference[]
  readonly properties: { readonly grade: string; readonly basis: string; readonly evidence?: string }
}

const INDEX: ReadonlyMap<string, number> = new Map(RULES.map(({ id }, index) => [id, index]))

/** The path of a file as a relative URI. @example fileAddress('a b/c#1.bin') // 'a%20b/c%231.bin' */
export function fileAddress(path: string): string {
  return path.toWellFormed().split('/').map(encodeURIComponent).join('/')
}

/** One result for each finding, in the same order. */
export function resultsOf(findings: readonly Finding[]): readonly SarifResult[] {
  const fingerprints = fingerprintsOf(findings)
  return findings.map((finding, index) => toResult(finding, fingerprints[index] ?? ''))
}

function toResult(finding: Finding, fingerprint: string): SarifResult {
  const { rule, grade, basis, message, evidence } = finding
  return {
    ruleId: rule,
    ruleIndex: INDEX.get(rule) ?? -1,
    kind: 'fail',
    level: levelOf(grade),
    message: { text: `${message.slice(0, LONGEST_MESSAGE).toWellFormed()}. ${ruleById(rule).title}.` },
    locations: [locate(finding)],
    partialFingerprints: { 'tidewaiter/v1': fingerprint, primaryLocationLineHash: fingerprint },
    taxa: taxaOf(ruleById(rule)),
    properties: { grade, basis, ...(evidence === undefined ? {} : { evidence }) },
  }
}

function locate({ path, container, locus, offset, length }: Finding): SarifLocation {
  const region =
    offset === undefined || container !== undefined
      ? {}
      : { region: { byteOffset: offset, ...(length === undefined ? {} : { byteLength: length }) } }
  const name = locus.toWellFormed()
  return {
    physicalLocation: { artifactLocation: { uri: fileAddress(container ?? path) }, ...region },
    logicalLocations: [{ name, fullyQualifiedName: `${path.toWellFormed()} › ${name}` }],
  }
}
