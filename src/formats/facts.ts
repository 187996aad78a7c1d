/**
 * Facts: what a reader saw in a file, and nothing that it thinks of it.
 *
 * Readers yield facts, rules yield findings. Facts are stored, so that a rule written next year can be run over
 * every model that was ever opened without its bytes. What is structurally wrong is a fact too: an `Anomaly`
 * names it with a code, a place and the numbers; which grade it deserves is the rules' business.
 *
 * Guarantee: plain JSON; keys chosen by an artefact only ever stand in lists, never as members of an object.
 */

import type { PickleProof } from './pickle/proof.ts'

export type { PickleFailure, PickleProof, PickleUse } from './pickle/proof.ts'

/** How far a file was read. Only `full` can lead to a clearance. */
export type Reading =
  | 'full' // every byte is accounted for and the content understood
  | 'listed' // structure walked (a pickle's opcodes), meaning unproved
  | 'recognised' // format known by its signature, content not read
  | 'unread' // unknown, empty of meaning, over budget or broken

/** What a byte range of a file is for. */
export type ClaimRole = 'magic' | 'header' | 'metadata' | 'index' | 'tensor' | 'padding' | 'code' | 'text' | 'opaque'

/** A byte range [from, to) that exactly one structure owns. */
export interface Claim {
  readonly from: number
  readonly to: number
  readonly role: ClaimRole
  readonly name?: string
}

/** Element or block types of tensors: safetensors' names, and ggml's in lower case. */
export type TensorType = string

/** One tensor of any weight format. */
export interface TensorFact {
  readonly name: string
  /** safetensors' name (`BF16`, `F32`, …) or ggml's in lower case (`q4_0`, `f32`, …). */
  readonly type: TensorType
  /** Row-major, slowest dimension first, whatever the format's own order is. */
  readonly shape: readonly number[]
  /** Path of the file within the artefact. */
  readonly file: string
  /** First byte within the file. */
  readonly offset: number
  /** Bytes. */
  readonly length: number
  /** True when multi-byte elements are stored big-endian. */
  readonly bigEndian?: boolean
  /** Why its elements do not lie in `file` at `offset` as they are: `compressed`, `strided`, `chunked`, `typed`. */
  readonly packed?: string
}

/** How the graph of a file uses a tensor, where that says more than the tensor's own name. */
export interface WeightUse {
  /** Name of the tensor. */
  readonly tensor: string
  /** Name that the tensor of a layer would have: that of its bias, or of the node, with `weight` at the end. */
  readonly name: string
  /** Whether it is stored with inputs as rows and outputs as columns. */
  readonly transposed: boolean
  /** Name of the tensor by which it is multiplied, with one number for each row or for each column. */
  readonly scale?: string
  /** Name of the tensor that holds the number that stands for zero. */
  readonly zero?: string
}

/** A scalar or a list that a file's metadata holds; long lists are cut and say how long they were. */
export interface MetadataFact {
  readonly key: string
  /** The format's own type name: `string`, `u32`, `array<string>` … */
  readonly type: string
  /** JSON value; for lists the first items. 64-bit integers beyond 2^53 are decimal strings. */
  readonly value: unknown
  /** Number of items of a list, when `value` was cut or is a digest. */
  readonly count?: number
  /** SHA-256 of the whole value as it stood in the file, when it was cut. */
  readonly digest?: string
}

/** A pointer from a file to something else. */
export interface ReferenceFact {
  readonly kind: 'path' | 'url' | 'repository' | 'class' | 'code' | 'global'
  readonly target: string
  /** Where in the file: a JSON pointer, a key, an opcode index. */
  readonly locus: string
}

/** Something structurally wrong or odd. `code` is stable and belongs to the reader (`stn-gap`, `ggf-duplicate-key`). */
export interface Anomaly {
  readonly code: string
  readonly message: string
  /** Where, as a person would say it: `tensor "a.b"`, `/auto_map/AutoModel`, `op 14`. */
  readonly locus: string
  readonly offset?: number
  readonly length?: number
}

/** One opcode of a pickle, as listed. */
export interface OpcodeFact {
  readonly offset: number
  readonly name: string
  /** Escaped and cut to 256 characters. */
  readonly argument?: string
}

/** When a part of a program runs: on import, when a model made of it is built or asked, or only when somebody calls it. */
export type CodeReach = 'import' | 'load' | 'call'

/** What kind of thing a program does; see {@link CodeFact}. */
export type CodeKind =
  | 'import'
  | 'execution'
  | 'process'
  | 'network'
  | 'credential'
  | 'file'
  | 'draw'
  | 'payload'
  | 'hook'
  | 'native'

/** Something that a program does or draws in, seen without running it. */
export interface CodeFact {
  /**
   * import: a module outside the own package; execution, process, network, credential, file: a call into the machine;
   * draw: a call that loads another artefact; payload: a program in an encoded text; hook: a change to how Python
   * itself works; native: machine code.
   */
  readonly kind: CodeKind
  /** The dotted name that it comes down to: `os.system`. */
  readonly target: string
  readonly reach: CodeReach
  /** Where in the file: `line 12, in Net.forward`. */
  readonly locus: string
  /** The line of the source, or how it was found; at most 256 characters. */
  readonly detail?: string
}

/** Something that a template uses. */
export interface TemplateUse {
  /**
   * gadget: a name that the template does not set and more than calls; attribute: what is picked from a value by a name; computed: what is picked by a name that is made up while rendering; built: a text
   * that is put together from pieces; call, method, filter: what is called; format: a format that picks attributes;
   * growth: what makes a text or a loop explode; trigger: a text that is only shown when a conversation holds a certain
   * word or on a certain day; address: an address in the text; order: a text that tells the model to hide something.
   */
  readonly kind:
    | 'gadget'
    | 'attribute'
    | 'computed'
    | 'built'
    | 'call'
    | 'method'
    | 'filter'
    | 'format'
    | 'growth'
    | 'trigger'
    | 'address'
    | 'order'
  /** What is used; at most 256 characters. */
  readonly name: string
  readonly detail?: string
}

/** What the syntax tree of one template shows. */
export interface TemplateFact {
  /** The text that it is made of: see `texts`. */
  readonly locus: string
  /** SHA-256 of the tree without comments; absent when the template does not parse. */
  readonly digest?: string
  /** Why it does not parse. */
  readonly trouble?: string
  /** Rounds that its loops over fixed ranges make, at most 2^53. */
  readonly rounds: number
  readonly uses: readonly TemplateUse[]
}

/** Everything that is known about one file. */
export interface FileFacts {
  /** Path within the artefact; that of a member is its container's path, `!/` and its name. */
  readonly path: string
  /** Path of the file of the artefact in which this member was found; absent for a file of the artefact itself. */
  readonly container?: string
  readonly size: number
  /** Id of the format folder: `safetensors`, `gguf`, `hf-config`, `pickle`, … or `unknown`. */
  readonly format: string
  readonly reading: Reading
  /** Why it was not read in full; absent for `full`. */
  readonly reason?: string
  readonly tensors: readonly TensorFact[]
  readonly metadata: readonly MetadataFact[]
  readonly references: readonly ReferenceFact[]
  readonly claims: readonly Claim[]
  readonly anomalies: readonly Anomaly[]
  /** Pickles only: number of opcodes and the first 10,000 of them. */
  readonly opcodes?: { readonly count: number; readonly listed: readonly OpcodeFact[] }
  /** Pickles: what was shown of each stream. */
  readonly proofs?: readonly PickleProof[]
  /** Text that rules read whole: a chat template, a licence, a model card; at most 1 MiB each. */
  readonly texts?: readonly { readonly locus: string; readonly text: string }[]
  /** Programs only: what they do, at most 10,000 facts. */
  readonly code?: readonly CodeFact[]
  /** The templates among `texts`. */
  readonly templates?: readonly TemplateFact[]
  /** Files with a graph: how it uses their tensors. */
  readonly weightUses?: readonly WeightUse[]
  /** Files found within, as the reader hands them on; {@link ArtefactFacts} has them behind their container instead. */
  readonly members?: readonly FileFacts[]
}

/** Facts of one file that a reader hands on before it has read the whole; the returned facts then lack them. */
export interface FactPiece extends Partial<
  Pick<FileFacts, 'tensors' | 'metadata' | 'references' | 'texts' | 'code' | 'templates' | 'weightUses'>
> {
  /** Everything that was handed on before is void, because the reading failed. */
  readonly discard?: true
}

/** What reading cost. */
export interface ReadCost {
  readonly bytesRead: number
  readonly reads: number
}

/**
 * How strongly the readers were kept apart from the rest of the machine: in namespaces of the operating system and by
 * the runtime's permissions; by the permissions alone; not at all.
 */
export type AssuranceLevel = 'namespaces' | 'process-permissions' | 'in-process'

/** Facts of a whole artefact: what `formats/` hands on. */
export interface ArtefactFacts {
  readonly schema: 'tidewaiter/facts/v1'
  /** The artefact's id. */
  readonly artefact: string
  /** One for each file of the artefact, in the same order; the members of each stand behind it. */
  readonly files: readonly FileFacts[]
  /** Observations across files (shard index against shards, adapter without base), same shape as in a file. */
  readonly anomalies: readonly (Anomaly & { readonly path: string })[]
  readonly assurance: AssuranceLevel
  /** Reader versions: `{safetensors: 1, …}` as a list. */
  readonly readers: readonly { readonly format: string; readonly version: number }[]
}
