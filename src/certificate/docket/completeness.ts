/**
 * Is this the whole docket?
 *
 * Whoever is given a docket asks that nothing was left out of it. Each leaf is proven to be in the log, each names the one
 * before it down to the first, and their places in the log only grow: so nothing is missing between. That the last one is
 * the head follows as far as something else names a later one: a certificate says its own place, and a docket that ends
 * before it is not whole. What comes after the newest leaf that anybody names, only a monitor or the index of the log can
 * tell.
 */
import { Fault } from '../../base/index.ts'
import type { Cryptography } from '../cryptography.ts'
import { equalBytes, decodeHex, toHex } from '../encoding.ts'
import { hashLeaf, rootOfProof } from '../inclusion.ts'
import { breaksChain, type Docket } from './docket.ts'
import { recordLeaf, type DocketContext } from './objections.ts'
import { readRegisterLeaf } from './register-leaf.ts'

/** A leaf and the proof that it is in the log. */
export interface ProvenLeaf {
  readonly index: number
  readonly bytes: Uint8Array
  /** Hashes from the leaf upwards. */
  readonly hashes: readonly Uint8Array[]
}

/** What a docket is held against. */
export interface CompletenessClaim {
  readonly modelId: string
  /** From a checkpoint that was verified before. */
  readonly size: number
  /** Hex. */
  readonly root: string
  /** Places that statements at hand name for themselves: `seq` and the identity of the statement. */
  readonly named: readonly { readonly seq: number; readonly entry: string }[]
}

async function proveLeaf(
  { index, bytes, hashes }: ProvenLeaf,
  { size, root }: CompletenessClaim,
  cryptography: Cryptography,
): Promise<string> {
  const leaf = await hashLeaf(bytes, cryptography)
  const inclusion = { index: BigInt(index), size: BigInt(size), hashes }
  if (!equalBytes(await rootOfProof(leaf, inclusion, cryptography), decodeHex(root, 'root')))
    throw new Fault('docket-proof', `the leaf at ${index} is not proven to be in the log`)
  return toHex(leaf)
}

/**
 * Checks a docket from its first leaf to its head.
 *
 * @returns the docket; what stands against a leaf without breaking the chain stands with it
 * @throws Fault `docket-proof`, `docket-incomplete`, `docket-seq`, `docket-prev`, `docket-fork`
 */
export async function checkComplete(
  leaves: readonly ProvenLeaf[],
  claim: CompletenessClaim,
  using: { readonly cryptography: Cryptography; readonly context?: DocketContext },
): Promise<Docket> {
  let docket: Docket | undefined
  let last = -1
  for (const proven of leaves) {
    const hash = await proveLeaf(proven, claim, using.cryptography)
    const leaf = readRegisterLeaf(proven.bytes)
    if (leaf.modelId !== claim.modelId || proven.index <= last)
      throw new Fault('docket-incomplete', `the leaf at ${proven.index} is not the next of the docket`)
    last = proven.index
    const recorded = recordLeaf(docket, { index: proven.index, hash, leaf }, using.context)
    const broken = recorded.entry.objections.find(breaksChain)
    if (broken !== undefined) throw new Fault(broken.code, broken.message)
    docket = recorded.docket
  }
  const { entries } = docket ?? { entries: [] }
  const missing = claim.named.find(({ seq, entry }) => entries[seq]?.leaf.entry !== entry)
  if (docket === undefined || missing !== undefined)
    throw new Fault('docket-incomplete', `the docket has ${entries.length} leaves; one names seq ${missing?.seq ?? 0}`)
  return docket
}
