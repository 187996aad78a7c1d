/**
 * The salted commitment to every tensor of a model, in an order that the kit itself fixes.
 *
 * First come the matrices whose unit signs the kit holds, then the other matrices of its places, then all that is left,
 * and last the identity of the artefact. So a challenge can name the tensor that it wants by a number that everybody
 * can work out from the kit, before anything is opened. Each leaf is hashed with a salt of its own from a secret that
 * only the vendor has: nobody can try candidates against a leaf, and opening one tells nothing of another.
 */
import { canonicalJson } from '../../base/index.ts'
import type { MlpView } from '../weights/mlp.ts'
import { partKey, type Part } from '../weights/part.ts'
import type { RoleModel } from '../weights/roles.ts'
import { headRows } from '../weights/rows-in-order.ts'
import type { Digested } from '../fingerprint/fingerprint-model.ts'
import type { Role } from '../weights/families/family.ts'
import { leafHash, merkleRoot } from './merkle.ts'
import { hmac, type SecretKey } from './prf.ts'
import type { SecretKit } from './secret-kit.ts'

/** What a leaf says of a tensor. */
export interface TensorLeaf {
  readonly role: Role
  readonly layer: number
  readonly expert: number
  readonly bias: boolean
  readonly type: string
  readonly bigEndian: boolean
  readonly rows: number
  readonly columns: number
  readonly transposed: boolean
  readonly rope: 'half' | 'interleaved'
  /** Rows of a head whose halves are interleaved; 0 when rows stand as trained. */
  readonly headRows: number
  /** Digests of the stored bytes and of the canonical codes. */
  readonly raw: string
  readonly canonical: string
}

/** A leaf with what is needed to open it. */
export interface SaltedLeaf {
  readonly content: string
  readonly salt: Uint8Array
  /** Null for the leaf of the artefact's identity. */
  readonly part: Part | null
}

/** All leaves in order. */
export interface Commitment {
  readonly leaves: readonly SaltedLeaf[]
  readonly hashes: readonly Uint8Array[]
  readonly root: string
}

/** A place that a leaf must have. */
export interface LeafTarget {
  readonly layer: number
  readonly role: Role
  /** The view whose unit signs it bears, if any. */
  readonly view: MlpView | null
}

/** The places of the first leaves of a kit; `bearing` of them carry unit signs. */
export function leafTargets(kit: Pick<SecretKit, 'units' | 'places'>): {
  readonly targets: readonly LeafTarget[]
  readonly bearing: number
} {
  const bearing = (kit.units?.layers ?? []).flatMap(({ layer, views }) =>
    views.map((view): LeafTarget => ({ layer, role: view, view })),
  )
  const known = new Set(bearing.map(({ layer, role }) => `${layer}/${role}`))
  const rest = kit.places.filter(({ layer, role }) => !known.has(`${layer}/${role}`))
  return {
    targets: [...bearing, ...rest.map(({ layer, role }): LeafTarget => ({ layer, role, view: null }))],
    bearing: bearing.length,
  }
}

/** Writes what a leaf says. */
function leafContent(model: RoleModel, [part, { raw, canonical }]: Digested): string {
  const { role, layer, expert, bias, rows, columns, transposed, rope, tensor } = part
  const leaf: TensorLeaf = {
    role,
    layer,
    expert,
    bias,
    rows,
    columns,
    transposed,
    rope,
    headRows: rope === 'interleaved' && !bias ? headRows(model, part) : 0,
    raw,
    canonical,
    type: tensor.type,
    bigEndian: tensor.bigEndian === true,
  }
  return canonicalJson(leaf)
}

function isAt(part: Part, { layer, role }: LeafTarget): boolean {
  return part.layer === layer && part.role === role && !part.bias && part.expert <= 0
}

function inOrder(kit: Pick<SecretKit, 'units' | 'places'>, digested: readonly Digested[]): Digested[] {
  const { targets } = leafTargets(kit)
  const byPlace = Map.groupBy(digested, ([part]) => `${part.layer}/${part.role}`)
  const first = targets.flatMap((target) => {
    const found = byPlace.get(`${target.layer}/${target.role}`)?.find(([part]) => isAt(part, target))
    return found === undefined ? [] : [found]
  })
  const taken = new Set(first)
  const rest = digested.filter((each) => !taken.has(each))
  return [...first, ...rest.toSorted(([a], [b]) => (partKey(a) < partKey(b) ? -1 : 1))]
}

/** What leaves are made from. */
export interface CommitmentInput {
  readonly kit: Pick<SecretKit, 'units' | 'places' | 'key'>
  readonly model: RoleModel
  readonly digested: readonly Digested[]
  /** Identity of the artefact. */
  readonly artefact: string
  /** The vendor's own secret. */
  readonly secret: SecretKey
}

/** Commits to all tensors; see the module. */
export function commitTensors({ kit, model, digested, artefact, secret }: CommitmentInput): Commitment {
  const ordered = inOrder(kit, digested)
  const contents = [
    ...ordered.map((each) => ({ content: leafContent(model, each), part: each[0] })),
    { content: canonicalJson({ artefact }), part: null },
  ]
  const leaves = contents.map((each, i) => ({ ...each, salt: hmac(secret, `salt ${kit.key} ${i}`) }))
  const hashes = leaves.map(({ salt, content }) => leafHash(salt, content))
  return { leaves, hashes, root: Buffer.from(merkleRoot(hashes)).toString('hex') }
}
