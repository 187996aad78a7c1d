/**
 * A model of the zoo as `Weights`: the cascade reads it from memory as it would read files.
 *
 * Tensors are encoded in the types that they are stored in, under the names of Hugging Face, and the facts say so; from
 * there on roles, decoding and every test are those of any other model.
 */
import { Fault, sha256 } from '../../base/index.ts'
import type { OpenedArtefact } from '../../artefact/index.ts'
import type { ArtefactFacts, MetadataFact, TensorFact } from '../../formats/index.ts'
import { weightsOver, type Weights } from '../weights/weights.ts'
import type { ZooModel, ZooTensor } from './model.ts'

const FILE = 'model.safetensors'

/** Elements of a block of ggml's q8_0 and q4_0. */
const BLOCK = 32

/** q8_0: an f16 step and 32 signed bytes. */
function encodeQ8(values: Float32Array): Uint8Array {
  const out = new Uint8Array((values.length / BLOCK) * 34)
  const view = new DataView(out.buffer)
  for (let block = 0; block < values.length / BLOCK; block++) {
    const part = values.subarray(block * BLOCK, (block + 1) * BLOCK)
    const step = Math.max(...part.map(Math.abs)) / 127
    view.setFloat16(block * 34, step, true)
    for (const [i, value] of part.entries()) view.setInt8(block * 34 + 2 + i, step === 0 ? 0 : Math.round(value / step))
  }
  return out
}

/** q4_0: an f16 step and 32 numbers of four bits, −8 to 7 steps; the value of greatest magnitude becomes −8 steps. */
function encodeQ4(values: Float32Array): Uint8Array {
  const out = new Uint8Array((values.length / BLOCK) * 18)
  const view = new DataView(out.buffer)
  for (let block = 0; block < values.length / BLOCK; block++) {
    const part = values.subarray(block * BLOCK, (block + 1) * BLOCK)
    const greatest = part.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0)
    const step = greatest / -8
    view.setFloat16(block * 18, step, true)
    for (const [i, value] of part.entries()) {
      const code = step === 0 ? 8 : Math.min(15, Math.floor(value / step + 8.5))
      const at = block * 18 + 2 + (i % 16)
      out[at] = (out[at] ?? 0) | (code << (i < 16 ? 0 : 4))
    }
  }
  return out
}

function encodeBf16(values: Float32Array): Uint8Array {
  const bits = new Uint32Array(Float32Array.from(values).buffer)
  return new Uint8Array(Uint16Array.from(bits, (each) => (each + 0x7fff + ((each >>> 16) & 1)) >>> 16).buffer)
}

const ENCODERS = {
  F32: (values: Float32Array) => new Uint8Array(Float32Array.from(values).buffer),
  F16: (values: Float32Array) => new Uint8Array(new Float16Array(values).buffer),
  BF16: encodeBf16,
  q8_0: encodeQ8,
  q4_0: encodeQ4,
} as const

/** The bytes of a tensor as it is stored. */
export function encodeTensor({ values, type = 'BF16' }: ZooTensor): Uint8Array {
  return ENCODERS[type](values)
}

interface Encoded {
  readonly bytes: Uint8Array
  readonly tensors: readonly TensorFact[]
}

function encode(model: ZooModel): Encoded {
  const pieces: Uint8Array[] = []
  let offset = 0
  const tensors = [...model.tensors].map(([name, tensor]): TensorFact => {
    const piece = encodeTensor(tensor)
    pieces.push(piece)
    const fact = { name, type: tensor.type ?? 'BF16', shape: tensor.shape, file: FILE, offset, length: piece.length }
    offset += piece.length
    return fact
  })
  return { bytes: Buffer.concat(pieces), tensors }
}

function configFacts(model: ZooModel): MetadataFact[] {
  const { heads, layers } = model.shape
  return [
    { key: '/model_type', type: 'string', value: 'llama' },
    { key: '/num_attention_heads', type: 'number', value: heads },
    { key: '/num_hidden_layers', type: 'number', value: layers },
  ]
}

const EMPTY = { tensors: [], metadata: [], references: [], claims: [], anomalies: [] } as const

function factsOf(model: ZooModel, id: string, { bytes, tensors }: Encoded): ArtefactFacts {
  return {
    schema: 'tidewaiter/facts/v1',
    artefact: id,
    files: [
      { ...EMPTY, path: 'config.json', size: 0, format: 'hf-config', reading: 'full', metadata: configFacts(model) },
      { ...EMPTY, path: FILE, size: bytes.length, format: 'safetensors', reading: 'full', tensors },
    ],
    anomalies: [],
    assurance: 'in-process',
    readers: [],
  }
}

function openedInMemory(id: string, size: number, sha256Hex: string): OpenedArtefact {
  return {
    artefact: {
      id,
      source: { kind: 'folder', ref: id },
      files: [{ path: FILE, size, sha256: sha256Hex }],
      size,
      digests: { sha256: sha256Hex, dirHash: sha256Hex },
      problems: [],
      ignored: [],
    },
    locate(path) {
      throw new Fault('no-such-file', `${path} lies in memory`)
    },
  }
}

/** The weights of a model of the zoo. The identity follows from the bytes. */
export function memoryWeights(model: ZooModel): Weights {
  const encoded = encode(model)
  const digest = sha256(encoded.bytes)
  const opened = openedInMemory(`tw1:${digest}`, encoded.bytes.length, digest)
  return weightsOver(
    { opened, facts: factsOf(model, opened.artefact.id, encoded) },
    {
      read({ offset, length }, from, into) {
        if (from < 0 || from + into.length > length)
          throw new Fault('truncated', `bytes ${from} to ${from + into.length} of a tensor of ${length}`)
        into.set(encoded.bytes.subarray(offset + from, offset + from + into.length))
      },
      close: () => {},
    },
  )
}
