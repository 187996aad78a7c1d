/**
 * Fingerprints of findings: the same finding in the next version of a file has the same one.
 *
 * They rest on rule, path and structural place, never on offsets, which move with every change before them, nor on
 * messages, whose wording may improve.
 */
import { digestOf } from '../base/index.ts'
import type { Finding } from './finding.ts'

const DIGITS = 32

/** 32 hex digits over rule, path and place. */
export function fingerprintOf({ rule, path, locus }: Pick<Finding, 'rule' | 'path' | 'locus'>): string {
  return digestOf([rule, path.toWellFormed(), locus.toWellFormed()]).slice(0, DIGITS)
}

/** One for each finding, in order: the fingerprint, a colon and the how-manieth of its kind it is, from 1. */
export function fingerprintsOf(findings: readonly Finding[]): readonly string[] {
  const seen = new Map<string, number>()
  return findings.map((finding) => {
    const fingerprint = fingerprintOf(finding)
    const count = (seen.get(fingerprint) ?? 0) + 1
    seen.set(fingerprint, count)
    return `${fingerprint}:${count}`
  })
}
