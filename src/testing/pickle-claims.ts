/**
 * Proofs of real streams with one claim changed, and the reason for which the checker refuses each.
 */
import { digestOf } from '../base/index.ts'
import { checkProof, type CheckContext } from '../formats/pickle/checker/index.ts'
import { POLICIES } from '../formats/pickle/policy/index.ts'
import type { PicklePolicy } from '../formats/pickle/policy/signature.ts'
import type { PickleProof } from '../formats/pickle/proof.ts'
import { analyse, P2, realVectors, stream, text } from './pickles.ts'

interface Claim {
  readonly what: string
  readonly bytes: Uint8Array
  readonly proof: PickleProof
  readonly context: CheckContext
  /** Those that ship when absent. */
  readonly policies?: readonly PicklePolicy[]
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

/** An array of objects that joblib keeps behind its wrapper as a pickle, which holds a payload that is passed over. */
function inner(): readonly Claim[] {
  const attributes = [text('subclass'), 'cnumpy\nndarray\n', text('shape'), 'K\x01\x85', text('dtype')]
  const dtype = stream('cnumpy\ndtype\n', text('O8'), [0x89, 0x88, 0x87], 'R')
  const head = stream(P2, 'cjoblib.numpy_pickle\nNumpyArrayWrapper\n)', [0x81], '}(', ...attributes, dtype, 'ub')
  const make = (fill: number): Uint8Array => stream(head, P2, ']X', [1, 0, 1, 0], Buffer.alloc(65_537, fill), 'a.', '.')
  const context: CheckContext = { persistent: 'none', rawArrays: 'joblib' }
  const { proof } = analyse(make(97), { persistent: 'none', rawArrays: 'joblib' })
  return [97, 98].map((fill) => ({
    what: `an inner payload of ${fill}`,
    bytes: make(fill),
    proof,
    context,
    reason: '',
  }))
}

/** A policy that lists a global again: the first of those that the proof names counts. */
function listedTwice(): readonly Claim[] {
  const bytes = stream(P2, 'ccollections\nOrderedDict\n)R.')
  const [core, other] = POLICIES
  if (core === undefined || other === undefined) throw new Error('there are fewer than two policies')
  const signatures = listOrdered(core).map((signature) => ({ ...signature, reduce: '(int)' }))
  const policies = [core, { ...other, signatures }]
  const { proof } = analyse(bytes)
  const named = { policies: policies.map(({ id }) => id), policyDigest: digestOf(policies) }
  const lie: PickleProof = { ...proof, ...named, verdict: 'proved-under' }
  return [{ what: 'a global that two policies list', bytes, proof: lie, context: PLAIN, reason: '', policies }]
}

function listOrdered({ signatures }: PicklePolicy): PicklePolicy['signatures'] {
  return signatures.filter(({ globals }) => globals.includes('collections: OrderedDict'))
}

/** What is thrown for another reason than the stream must come through: '' when it does. */
function throwsOn(): string {
  const bytes = stream(P2, '(', text('storage'), 'ctorch\nFloatStorage\n', text('0'), text('cpu'), 'K\x04tQ.')
  const { proof } = analyse(bytes, { persistent: 'torch' })
  const storageBytes = (): never => {
    throw new Error('the record cannot be read')
  }
  try {
    checkProof(bytes, proof, { persistent: 'torch', storageBytes, policies: POLICIES })
    return 'an error of the embedding is taken for a refusal'
  } catch (thrown) {
    return String(thrown) === 'Error: the record cannot be read' ? '' : String(thrown)
  }
}

let made: readonly Claim[] | undefined

/** What is judged otherwise than it should be. */
export function differingClaims(): readonly string[] {
  made ??= [...pipeline(), ...vectors(), ...payloads(), ...scripted(), ...inner(), ...listedTwice()]
  const failures = made.flatMap(({ what, bytes, proof, context, policies = POLICIES, reason }) => {
    const result = checkProof(bytes, proof, { ...context, policies })
    const given = result.holds ? '' : result.reason
    return given === reason ? [] : [`${what}: ${given} instead of ${reason}`]
  })
  return [...failures, throwsOn()].filter((failure) => failure !== '')
}
