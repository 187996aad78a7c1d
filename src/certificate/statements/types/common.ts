/**
 * What the predicates of all statements share.
 *
 * Made from `../schemas/common.schema.json` by `npm run docs`; do not edit.
 */

/** Digests of a document. */
export interface Digests {
  /** SHA-256 in lower-case hex. */
  readonly sha256: string
}

/** A document by its digest; a ResourceDescriptor of in-toto. */
export interface Evidence {
  /** File name inside the dossier, or what else the document is called. */
  readonly name: string
  readonly digest: Digests
  /** Where it can be had. */
  readonly uri?: string
  /** A short name. */
  readonly mediaType?: string
  /** Who may see it; public when absent. */
  readonly access?: 'public' | 'restricted' | 'sealed'
}

/** A model by name and digests. */
export interface DescribedModel {
  /** A short name. */
  readonly name: string
  /** Digests of a model. */
  readonly digest: ModelDigests
}

/** Digests of a model. */
export interface ModelDigests {
  /** OMS root. */
  readonly sha256: string
  /** SHA-256 in lower-case hex. */
  readonly dirHash: string
  /** The same as dirHash. */
  readonly dirHash1: string
}

/** A leaf of the log. */
export interface LoggedEntry {
  /** Index of the leaf in the log. */
  readonly index: number
  /** Hash of the leaf. */
  readonly leafHash: string
}

/** A state of a log. */
export interface StatedCheckpoint {
  /** Origin of a log: a bare host name. */
  readonly origin: string
  /** Number of leaves. */
  readonly size: number
  /** SHA-256 in lower-case hex. */
  readonly root: string
}

/** Where the statement stands in the docket of its model. */
export interface DocketPlace {
  /** Identity of a model: `tw1:` and the dirHash of its files. */
  readonly modelId: string
  /** Identity of a family: `tf1:` and the dirHash of the model that founded it. */
  readonly familyId: string
  /** Place in the docket, from 0. */
  readonly seq: number
  /** The leaf before it in the docket; absent at seq 0. */
  readonly prev?: LoggedEntry
}

/** What allows a station to test. */
export interface Accreditation {
  /** An absolute URI. */
  readonly uri: string
  readonly digest: Digests
  /** A day in UTC. */
  readonly validTo: string
}

/** Who says it. */
export interface Issuer {
  /** Id of the key that signs. */
  readonly keyId: string
  /** A short name. */
  readonly name?: string
  /** As what it speaks. */
  readonly role?: 'station' | 'officer' | 'regulator' | 'vendor' | 'importer'
  /** Its id in the register of stations; an officer by pseudonym. */
  readonly id?: string
  /** The unit that it belongs to; signers of one quorum come from several. */
  readonly unit?: string
  readonly accreditation?: Accreditation
}

/** The rules that were applied. */
export interface AppliedPolicy {
  /** A short name. */
  readonly id: string
  /** A short name. */
  readonly version: string
  /** SHA-256 in lower-case hex. */
  readonly digest: string
  /** An absolute URI. */
  readonly uri?: string
}

/** What was read. */
export interface Inputs {
  /** Number of files. */
  readonly files: number
  /** Bytes of all files. */
  readonly totalBytes: number
  /** Whether every byte was hashed for this statement, or unchanged files were taken from a verified earlier manifest. */
  readonly rehash: 'full' | 'incremental'
  /** SHA-256 in lower-case hex. */
  readonly dirHash?: string
  /** SHA-256 of the signed manifest, by its payload. */
  readonly omsBundle?: string
}

/** A log by its origin. */
export interface NamedLog {
  /** Origin of a log: a bare host name. */
  readonly origin: string
}

/** The log that it is entered into, or that it is not. */
export type StatedLog = 'not logged' | NamedLog

/** A statement by its identity. */
export interface StatementReference {
  /** Hash of the leaf that the statement has in a log. */
  readonly leafHash: string
}

/** Where a status stands in a status list. */
export interface StatusPlace {
  /** A short name. */
  readonly list: string
  readonly index: number
}

/** What every predicate carries. */
export interface StatementCommon {
  readonly docket?: DocketPlace
  readonly issuer: Issuer
  /** RFC 3339 in UTC, to the second. */
  readonly issuedAt: string
  readonly policy?: AppliedPolicy
  /** How far somebody else vouches for it: nobody; an accredited station; a second station reproduced it; an enclave attested the run. */
  readonly assurance: 'self-attested' | 'station' | 'reproduced' | 'enclave-attested'
  readonly evidence?: readonly Evidence[]
  readonly inputs?: Inputs
  /** A statement that this one replaces. */
  readonly supersedes?: StatementReference
  readonly log: StatedLog
}
