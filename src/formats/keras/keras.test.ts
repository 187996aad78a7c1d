/** Models that Keras 3 and tf.keras wrote, made by the scripts in `vectors/`, and what is refused of them. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { hdf5Reader } from '../hdf5/index.ts'
import { kerasConfigReader } from '../keras-config/index.ts'
import { hfConfigReader } from '../hf-config/index.ts'
import { kerasReader } from './index.ts'

interface Vector {
  readonly name: string
  readonly weights: number
  readonly gzip: string
}

const VECTORS = ['keras.json', 'tf-keras.json'].flatMap(
  (name) => JSON.parse(readFileSync(new URL(`vectors/${name}`, import.meta.url), 'utf8')) as readonly Vector[],
)
const READERS = [kerasReader, hdf5Reader, kerasConfigReader, hfConfigReader]

function bytesOf(name: string): Uint8Array {
  const vector = VECTORS.find((one) => one.name === name)
  assert.ok(vector !== undefined, name)
  return new Uint8Array(gunzipSync(Buffer.from(vector.gzip, 'base64')))
}

function read(name: string, bytes = bytesOf(name)): ReturnType<typeof readBytes> {
  return readBytes(name.endsWith('.keras') ? kerasReader : hdf5Reader, bytes, { path: name, readers: READERS })
}

/** What is to be noted, by the beginning of the name. */
const NOTED: readonly (readonly [name: string, codes: readonly string[]])[] = [
  ['with_lambda', ['krs-lambda']],
  ['old with_lambda', ['krs-lambda']],
  ['custom', ['krs-custom']],
  ['subclassed', ['krs-custom']],
  ['wrapped', ['krs-loader']],
]

for (const { name, weights } of VECTORS) {
  const noted = NOTED.find(([begin]) => name.startsWith(begin))?.[1] ?? []
  const expected = name.endsWith('.weights.h5') ? [] : noted

  test(`Keras model ${name} is read in full, with what it asks for`, () => {
    const { facts, members, accounting } = read(name)
    const all = [facts, ...members]
    assert.deepEqual(
      all.map(({ reading }) => reading),
      all.map(() => 'full'),
    )
    assert.ok(accounting.complete)
    const codes = new Set(all.flatMap(({ anomalies }) => anomalies.map(({ code }) => code)))
    codes.delete('krs-legacy')
    assert.deepEqual([...codes], expected)
  })

  // The older form says nowhere what the opaque bytes are as which h5py stores bfloat16.
  if (name === 'half.h5') continue

  test(`Keras model ${name} has at least as many tensors as weights`, () => {
    const { facts, members } = read(name)
    assert.ok([facts, ...members].flatMap(({ tensors }) => tensors).length >= weights)
  })
}

test('kerasReader.read() has the configuration read as one, and the weights as HDF5', () => {
  const { facts, members } = read('sequential.keras')
  assert.equal(facts.format, 'keras')
  assert.deepEqual(
    members.map(({ path, format }) => [path, format]),
    [
      ['sequential.keras!/metadata.json', 'hf-config'],
      ['sequential.keras!/config.json', 'keras-config'],
      ['sequential.keras!/model.weights.h5', 'hdf5'],
    ],
  )
})

test('hdf5Reader.read() says of a whole model that it is one, and of weights that they are not', () => {
  const whole = read('sequential.h5')
  assert.deepEqual([whole.facts.format, whole.codes], ['keras-h5', ['krs-legacy']])
  const weights = read('sequential.weights.h5')
  assert.deepEqual([weights.facts.format, weights.codes], ['hdf5', []])
})

test('Keras weights of bfloat16 are tensors of that type', () => {
  const types = new Set(read('half.weights.h5').facts.tensors.map(({ type }) => type))
  assert.deepEqual(types, new Set(['BF16', 'F32']))
})

test('kerasReader.sniff() knows a model by its members, or by its name', () => {
  assert.equal(kerasReader.sniff(glimpse(bytesOf('custom.keras'), 'x.zip')), 'magic')
  assert.equal(kerasReader.sniff(glimpse(bytesOf('custom.h5'), 'x.keras')), null)
})

test('a Keras model cut short is never full without an anomaly', () => {
  for (const name of ['custom.keras', 'custom.h5']) {
    const bytes = bytesOf(name)
    for (let length = 100; length < bytes.length; length += 97) {
      const { facts, members, codes } = read(name, bytes.subarray(0, length))
      assert.ok(codes.length > 0 || [facts, ...members].some(({ reading }) => reading !== 'full'), `${name}: ${length}`)
    }
  }
})

test('a mutated Keras model gives facts or a Fault', () => {
  const files = ['custom.keras', 'with_lambda.h5'].map((name) => [name, bytesOf(name)] as const)
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 })
  const property = fc.property(fc.constantFrom(...files), changes, ([name, original], mutations) => {
    const bytes = original.slice()
    for (const [at, byte] of mutations) bytes[at % bytes.length] = byte
    try {
      read(name, bytes)
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
    }
  })
  fc.assert(property, { numRuns: 300 })
})
