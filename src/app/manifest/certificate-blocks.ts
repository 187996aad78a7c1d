/** The block lists that lie beside a certificate, held against the digest that it carries. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readBlockLists, type BlockListedFile } from '../../certificate/index.ts'
import type { VerificationReport } from '../../verify.ts'

/**
 * Reads the lists, which are called by their digest, from the folder of the bundle.
 *
 * @returns undefined when the statement carries no digest of lists or they are not there
 * @throws Fault `block-lists`, `block-lists-digest`
 */
export function findBlockLists(bundle: string, report: VerificationReport): readonly BlockListedFile[] | undefined {
  const digest = report.statement?.clearance?.evidence.find(({ name }) => name === 'blocks')?.digest.sha256
  if (digest === undefined) return undefined
  const path = join(dirname(bundle), `${digest}.blocks`)
  return existsSync(path) ? readBlockLists(readFileSync(path), digest) : undefined
}
