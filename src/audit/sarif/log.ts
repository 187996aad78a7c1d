/**
 * The audit as SARIF, for code scanning and other tools that read it.
 *
 * One run for the artefact. The rules stand in the driver with what they mean and what to do, CWE and ATLAS as
 * taxonomies, each finding as a result with a fingerprint that does not move. Files that were not read are
 * notifications and the outcome of every rule is a property of the run, so that silence is never mistaken for a pass.
 *
 * Guarantee: valid against the OASIS schema; within what GitHub takes (25,000 results a run, the worst first, and the
 * number of those left out is said).
 * Source: SARIF 2.1.0 (OASIS Standard, 27 March 2020); GitHub's notes on SARIF for code scanning.
 */
import type { Artefact } from '../../artefact/index.ts'
import type { AuditedFile, AuditReport } from '../finding.ts'
import { RULES } from '../rules/index.ts'
import { descriptorOf, type Descriptor } from './rules.ts'
import { fileAddress, MOST_RESULTS, resultsOf, type SarifLocation, type SarifResult } from './results.ts'
import { taxonomies, TAXONOMY_NAMES, type Taxonomy } from './taxonomies.ts'

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'

/** A SARIF file; see the module. */
export interface SarifLog {
  readonly $schema: string
  readonly version: '2.1.0'
  readonly runs: readonly [SarifRun]
}

interface SarifNotification {
  readonly level: 'warning'
  readonly message: { readonly text: string }
  readonly locations: readonly SarifLocation[]
}

interface SarifFile {
  readonly location: { readonly uri: string }
  readonly length: number
  readonly hashes: { readonly 'sha-256': string }
  readonly roles: readonly ['analysisTarget']
  /** Format, verdict and coverage. */
  readonly properties: Partial<AuditedFile>
}

/** The one run of a {@link SarifLog}. */
export interface SarifRun {
  readonly tool: {
    readonly driver: {
      readonly name: 'Tidewaiter'
      readonly semanticVersion: string
      readonly rules: readonly Descriptor[]
      readonly supportedTaxonomies: readonly { readonly name: string; readonly index: number }[]
    }
  }
  readonly taxonomies: readonly Taxonomy[]
  readonly invocations: readonly [
    { readonly executionSuccessful: true; readonly toolExecutionNotifications: readonly SarifNotification[] },
  ]
  readonly artifacts?: readonly SarifFile[]
  readonly results: readonly SarifResult[]
  readonly columnKind: 'unicodeCodePoints'
  readonly properties: {
    readonly artefact: string
    readonly verdict: string
    readonly rules: string
    readonly outcomes: AuditReport['outcomes']
    readonly assurance?: AuditReport['assurance']
    readonly readers?: AuditReport['readers']
    readonly resultsLeftOut: number
  }
}

/** What the report does not know. */
export interface SarifOptions {
  /** Version of Tidewaiter. */
  readonly version: string
  /** With it, the files stand in the log with size and digest. */
  readonly artefact?: Artefact
}

let known: readonly Descriptor[] | undefined

/** All rules, which are the same in every log. */
function descriptors(): readonly Descriptor[] {
  known ??= RULES.map(descriptorOf)
  return known
}

/** Writes a report as SARIF; see the module. */
export function toSarif(report: AuditReport, { version, artefact }: SarifOptions): SarifLog {
  const results = resultsOf(report.findings)
  const run: SarifRun = {
    tool: {
      driver: {
        name: 'Tidewaiter',
        semanticVersion: version,
        rules: descriptors(),
        supportedTaxonomies: TAXONOMY_NAMES.map((name, index) => ({ name, index })),
      },
    },
    taxonomies: taxonomies(),
    invocations: [{ executionSuccessful: true, toolExecutionNotifications: notificationsOf(report) }],
    ...(artefact === undefined ? {} : { artifacts: filesOf(artefact, report) }),
    results: results.slice(0, MOST_RESULTS),
    columnKind: 'unicodeCodePoints',
    properties: {
      artefact: report.artefact,
      verdict: report.verdict,
      rules: report.rules,
      outcomes: report.outcomes,
      ...(report.assurance === undefined ? {} : { assurance: report.assurance }),
      ...(report.readers === undefined ? {} : { readers: report.readers }),
      resultsLeftOut: Math.max(0, results.length - MOST_RESULTS),
    },
  }
  return { $schema: SCHEMA, version: '2.1.0', runs: [run] }
}

function notificationsOf({ files }: AuditReport): readonly SarifNotification[] {
  return files
    .filter(({ verdict, own }) => verdict === 'inconclusive' && own === undefined)
    .map(({ path, container = path, format, reason }) => ({
      level: 'warning',
      message: { text: `${path} (${format}) is inconclusive: ${reason ?? 'a finding leaves it open'}`.toWellFormed() },
      locations: [{ physicalLocation: { artifactLocation: { uri: fileAddress(container) } } }],
    }))
}

function filesOf({ files }: Artefact, report: AuditReport): readonly SarifFile[] {
  const audited = new Map(report.files.map(({ path, ...rest }) => [path, rest]))
  return files.map(({ path, size, sha256 }) => ({
    location: { uri: fileAddress(path) },
    length: size,
    hashes: { 'sha-256': sha256 },
    roles: ['analysisTarget'],
    properties: audited.get(path) ?? {},
  }))
}
