/**
 * A rule: data about one class of danger, and at most one pure function that looks for it in facts.
 *
 * Most of what can be wrong with a file the reader has already noted as an anomaly; such a rule is data alone and
 * names the codes that it answers for. The others look at facts themselves. Either way a rule sees facts, never
 * bytes, so that it can be run again on facts that were stored years ago.
 *
 * Guarantee: ids are never reused, and grade, CWE and ATLAS of an id never change; what would need another grade gets
 * another id.
 */
import type { Artefact } from '../artefact/index.ts'
import type { ArtefactFacts } from '../formats/index.ts'
import type { Basis, Finding, Grade } from './finding.ts'
import type { AuditOptions } from './options.ts'
import type { AtlasId, CweNumber } from './taxonomy.ts'

/** What a rule looks at: plain JSON, nothing else. */
export interface Subject {
  readonly artefact: Artefact
  readonly facts: ArtefactFacts
  readonly options: AuditOptions
}

/** What a rule saw; the engine adds rule, grade and basis. */
export type Observation = Omit<Finding, 'rule' | 'grade' | 'basis' | 'container'>

/** `any`: every file; `folder`: the artefact as a whole; else ids of formats. */
export type RuleScope = 'any' | 'folder' | readonly string[]

/** See the module. */
export interface Rule {
  /** `TW-` family, number. */
  readonly id: string
  /** A headline for a person, without full stop. */
  readonly title: string
  readonly grade: Grade
  readonly basis: Basis
  /** Null where no weakness of software is meant. */
  readonly cwe: CweNumber | null
  readonly atlas: AtlasId | null
  /** What the rule looks for, in one sentence. */
  readonly sentence: string
  /** Why it matters, for whoever has to decide. */
  readonly meaning: string
  /** What to do about it. */
  readonly remedy: string
  /** What is read to see it. */
  readonly seen: string
  /** Related ids elsewhere: CVE, GHSA, PAIT. */
  readonly related: readonly string[]
  readonly over: RuleScope
  /** Anomaly codes that this rule answers for; each code belongs to one rule. */
  readonly anomalies: readonly string[]
  /** Codes among them that say that a part was not there to be read. */
  readonly incomplete?: readonly string[]
  /**
   * What a finding does to the verdict on the bytes: `open` leaves it inconclusive, because the rule says that something
   * is unknown; `none`, because it is about papers and names. Absent: a dangerous or major finding is a defect.
   */
  readonly effect?: 'open' | 'none'
  /** Whether the question arises for this subject; always, when absent. */
  arises?(subject: Subject): boolean
  /** Looks at facts. Pure; never throws for what the facts say. */
  check?(subject: Subject): readonly Observation[]
}

/** The families, in the order in which they are listed. */
export const FAMILIES = {
  SYS: 'The inspection itself',
  FILE: 'Any file',
  ARC: 'Archives and folders',
  STN: 'safetensors',
  GGF: 'GGUF',
  PKL: 'Pickle',
  ONX: 'ONNX and Core ML',
  TFG: 'Graphs of TensorFlow, Caffe and PaddlePaddle',
  NPY: 'NumPy arrays',
  SKO: 'skops',
  TSC: 'TorchScript and other programs of torch',
  KRS: 'Keras',
  H5: 'HDF5',
  TFL: 'TensorFlow Lite and other FlatBuffers',
  MSG: 'MessagePack',
  MDL: 'Models of trees and words',
  LNG: 'Objects of other languages',
  TPL: 'Chat templates',
  PYC: 'Programs in Python',
  CFG: 'Configuration, tokenizers and adapters',
  EXE: 'Programs that carry models, and engines',
  SEC: 'Secrets',
  LIC: 'Licences',
  IDN: 'Names',
} as const

/** A family of rules. */
export type Family = keyof typeof FAMILIES

/** The family of a rule. @example familyOf({ id: 'TW-STN-03' }) // 'STN' */
export function familyOf({ id }: Pick<Rule, 'id'>): Family {
  return id.split('-')[1] as Family
}
