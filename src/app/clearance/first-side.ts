/**
 * One side of a first answer: a remote model by a sample of it, a model that is here by the same sample of all its
 * layers, a fingerprint as it is.
 */
import { Fault } from '../../base/index.ts'
import { readSample, type FirstSide } from '../../lineage/index.ts'
import type { OpenOptions } from './open-model.ts'
import { openSide } from './open-side.ts'
import { sampleRemote } from './sample-remote.ts'

/** A side with its names. */
export interface NamedFirstSide {
  readonly ref: string
  readonly id: string
  readonly side: FirstSide
  /** True when only a sample was fetched. */
  readonly remote: boolean
}

const REMOTE = /^(?:hf:|https?:|s3:|oci:)/

/** Opens a side. @throws Fault as `sampleRemote` and `openSide` do */
export async function openFirstSide(ref: string, options: OpenOptions): Promise<NamedFirstSide> {
  if (REMOTE.test(ref)) return { ref, remote: true, ...(await sampleRemote(ref, options)) }
  const { id, side } = await openSide(ref, options)
  if ('fingerprint' in side) return { ref, id, side, remote: false }
  const { opened, facts } = side
  const sample = readSample({ opened, facts, isHere: () => true }, {})
  const cost = { bytes: sample.bytes, requests: 0, size: opened.artefact.size }
  return { ref, id, side: { sample, cost }, remote: false }
}

/** Ensures that a first answer is what is called for. @throws Fault `usage` when all sides are here */
export function ensureRemote(sides: readonly NamedFirstSide[]): void {
  if (!sides.some(({ remote }) => remote))
    throw new Fault('usage', '--remote is for models that are not here; leave it out and all of both is compared')
}
