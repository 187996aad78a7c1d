/**
 * Proofs of real streams with one claim changed, and the reason for which the checker refuses each.
 */
import { checkProof, type CheckContext } from '../formats/pickle/checker/index.ts'
import { POLICIES } from '../formats/pickle/policy/index.ts'
import type { PickleProof } from '../formats/pickle/proof.ts'
import { analyse, P2, realVectors, stream } from './pickles.ts'

interface Claim {
  readonly what: string
  readonly bytes: Uint8Array
  readonly proof: PickleProof
  readonly context: CheckContext
  /** Empty when the proof holds. */
  readonly reason: string
}

const LENGTH = 'it is of a stream of another length'
const OTHER = 'the stream is not that of the proof'
const USES = 'the stream uses other than it says'
const VERDICT = 'its verdict does not fit its policies'
const NOTHING = 'it says itself that nothing is proved'
const ITSELF = 'it contradicts itself'
const POLICY = 'it names a policy that is not there'
const PLAIN: CheckContext = { persistent: 'none' }
const FAILING = { op: 0, name: 'STOP', offset: 0, value: '', reason: '' }

function pipeline(): readonly Claim[] {
  const vector = realVectors().find(({ name }) => name === 'pipeline')
  if (vector === undefined) throw new Error('there is no vector of a pipeline')
  const { proof } = analyse(vector.bytes, vector.context)
  const [use, ...uses] = proof.uses
  if (use === undefined) throw new Error('the pipeline uses nothing')
  const lies: readonly (readonly [what: string, lie: Partial<PickleProof>, reason: string])[] = [
    ['the truth', {}, ''],
    ['uses in another order', { uses: [...uses, use] }, ''],
    ['another digest', { sha256: '0'.repeat(64) }, OTHER],
    ['a better verdict', { verdict: 'proved' }, VERDICT],
    ['an unproved verdict', { verdict: 'unproved' }, NOTHING],
    ['a hostile verdict', { verdict: 'hostile' }, NOTHING],
    ['the core alone', { verdict: 'proved', policies: ['core'] }, 'the policies are not those of the proof'],
    ['no policy', { policies: [] }, POLICY],
    ['a policy that does not exist', { policies: [...proof.policies, 'no-such'] }, POLICY],
    ['policies without the core', { policies: ['sklearn', 'scipy'] }, POLICY],
    ['one policy, not the core', { verdict: 'proved', policies: ['sklearn'] }, POLICY],
    ['another digest of the policies', { policyDigest: 'x' }, 'the policies are not those of the proof'],
    ['a use less', { uses }, USES],
    ['a use more', { uses: [...proof.uses, { ...use, name: 'other' }] }, USES],
    ['another count', { uses: [{ ...use, count: use.count + 1 }, ...uses] }, USES],
    ['another schema', { uses: [{ ...use, schema: 'any' }, ...uses] }, USES],
    ['another position', { uses: [{ ...use, position: 'NEWOBJ_EX' }, ...uses] }, USES],
    ['another module', { uses: [{ ...use, module: 'os' }, ...uses] }, USES],
    ['another length', { to: proof.to - 1 }, LENGTH],
    ['another begin', { from: proof.from + 1 }, LENGTH],
    ['the same length elsewhere', { from: proof.from + 7, to: proof.to + 7 }, ''],
    ['a form that is not canonical', { canonical: false }, ITSELF],
    ['a failure', { failing: FAILING }, ITSELF],
  ]
  const bytes = vector.bytes.subarray(proof.from, proof.to)
  return lies.map(([what, lie, reason]) => ({ what, bytes, proof: { ...proof, ...lie }, context: PLAIN, reason }))
}

function vectors(): readonly Claim[] {
  return realVectors().flatMap(({ name, bytes, context: { persistent, rawArrays } }) => {
    const context: CheckContext = { persistent, ...(rawArrays === undefined ? {} : { rawArrays }) }
    const { proof } = analyse(bytes, context)
    const held = { what: name, bytes: bytes.subarray(proof.from, proof.to), proof, context, reason: '' }
    if (rawArrays !== 'joblib') return [held]
    return [held, { ...held, what: `${name} elsewhere`, context: PLAIN, reason: 'a wrapper that nothing reads' }]
  })
}

/** Payloads about as long as a digest passes over: 64 KiB are part of it, one byte more is not. */
function payloads(): readonly Claim[] {
  return [65_536, 65_537].flatMap((length) => {
    const size = [length & 255, (length >> 8) & 255, length >> 16, 0]
    const make = (fill: number): Uint8Array => stream(P2, 'X', size, Buffer.alloc(length, fill), 'q', [0], '.')
    const { proof } = analyse(make(97))
    const changed = length > 65_536 ? '' : OTHER
    return [
      { what: `a payload of ${length}`, bytes: make(97), proof, context: PLAIN, reason: '' },
      { what: `another payload of ${length}`, bytes: make(98), proof, context: PLAIN, reason: changed },
      {
        what: `a payload of ${length} and other bytes after it`,
        bytes: Uint8Array.from(make(97)).with(-2, 1),
        proof,
        context: PLAIN,
        reason: OTHER,
      },
    ]
  })
}

function scripted(): readonly Claim[] {
  const bytes = stream(P2, 'c__torch__.net\nNet\n)', [0x81], '}b.')
  const context: CheckContext = { persistent: 'none', names: 'torchscript' }
  const { proof } = analyse(bytes, { persistent: 'none', names: 'torchscript' })
  return [
    { what: 'a type of TorchScript', bytes, proof, context, reason: '' },
    { what: 'it elsewhere', bytes, proof, context: PLAIN, reason: 'no policy lists __torch__.net.Net' },
  ]
}

let made: readonly Claim[] | undefined

/** What is judged otherwise than it should be. */
export function differingClaims(): readonly string[] {
  made ??= [...pipeline(), ...vectors(), ...payloads(), ...scripted()]
  return made.flatMap(({ what, bytes, proof, context, reason }) => {
    const result = checkProof(bytes, proof, { ...context, policies: POLICIES })
    const given = result.holds ? '' : result.reason
    return given === reason ? [] : [`${what}: ${given} instead of ${reason}`]
  })
}
