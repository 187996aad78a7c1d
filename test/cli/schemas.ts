/** The JSON contracts as validators. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { ROOT } from './program.ts'

/** What `--format json` prints, by the name of its schema. */
export type ContractName =
  | 'bill-check'
  | 'clearance'
  | 'comparison'
  | 'configuration'
  | 'deep-inspections'
  | 'diagnosis'
  | 'docket'
  | 'docket-said'
  | 'exhibit-check'
  | 'exhibit-made'
  | 'fingerprint'
  | 'index-screen'
  | 'index-status'
  | 'inspection'
  | 'secret-kit'
  | 'keys'
  | 'quorum'
  | 'trust'
  | 'trust-published'
  | 'trust-root'
  | 'kit-challenge'
  | 'kit-disputes'
  | 'kit-list'
  | 'kit-made'
  | 'kit-opening'
  | 'kit-registered'
  | 'log-appended'
  | 'log-check'
  | 'log-monitor'
  | 'log-status'
  | 'opening-check'
  | 'seal-identification'
  | 'sealed-release'
  | 'two-party-answer'
  | 'two-party-terms'
  | 'peek'
  | 'policy-export'
  | 'pre-check'
  | 'rederivation'
  | 'reaudit'
  | 'signature'
  | 'token-check'
  | 'status-made'
  | 'text-erased'
  | 'trace'
  | 'verification'

function readSchema(path: string): { readonly $id: string } {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'))
}

const contracts = addFormats.default(new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }))
for (const path of globSync('src/app/schemas/*.schema.json', { cwd: ROOT })) contracts.addSchema(readSchema(path))
const inspection = new Ajv({ strict: true, allErrors: true }).compile(readSchema('src/audit/inspection.schema.json'))

/** Holds a value to its contract. */
export function assertContract(name: ContractName, value: unknown): void {
  const validate =
    name === 'inspection' ? inspection : contracts.getSchema(`https://tidewaiter.example/schemas/${name}/v1`)
  assert.ok(validate, `no schema of the name ${name}`)
  assert.ok(validate(value), JSON.stringify(validate.errors, null, 2))
}
