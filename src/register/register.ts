/**
 * The register: who has what decision on which model, and the evidence that later questions need.
 *
 * A model is entered once under its identity; every clearance is added and none is ever changed, so that its docket is
 * complete. Fingerprints are kept for tracing, facts so that new rules can be run without the bytes.
 *
 * Guarantee: an entry is made whole or not at all (one transaction); serial numbers are given once.
 */
import type { Kysely } from 'kysely'
import { Fault, type Clock, type MakeId } from '../base/index.ts'
import type { ArtefactFacts } from '../formats/index.ts'
import type { LogDatabase } from '../log/index.ts'
import { connect, type RegisterPlace } from './connect.ts'
import { DeepInspections } from './deep-inspections.ts'
import { DocketRegister } from './docket.ts'
import { recordEntry, takeSerial, type Entry } from './enter.ts'
import { KitRegister } from './kits.ts'
import { findFacts, listEvidence, type EvidenceRecord } from './list-evidence.ts'
import { migrate } from './migrate.ts'
import * as queries from './queries.ts'
import type { RegisterTables } from './schema.ts'
import {
  fillScreening,
  listScreening,
  readScreeningState,
  type ScreeningPage,
  type ScreeningState,
} from './screening.ts'

/** What the register needs from outside. */
export interface RegisterOptions {
  readonly place: RegisterPlace
  readonly clock: Clock
  readonly makeId: MakeId
}

/** An open register. */
export class Register {
  readonly #database: Kysely<RegisterTables>
  readonly #close: () => Promise<void>
  readonly #options: RegisterOptions

  constructor(database: Kysely<RegisterTables>, close: () => Promise<void>, options: RegisterOptions) {
    this.#database = database
    this.#close = close
    this.#options = options
  }

  /** The database under it, for the logs that stand in it. */
  get logDatabase(): LogDatabase {
    return this.#database
  }

  /** Kits of secret models. */
  get kits(): KitRegister {
    return new KitRegister(this.#database, this.#options)
  }

  /** What was said of each model. */
  get statements(): DocketRegister {
    return new DocketRegister(this.#database)
  }

  /** The next free serial of a year, 1 …; never given twice, not even when the entry fails. */
  takeSerial(year: number): Promise<number> {
    return takeSerial(this.#database, year)
  }

  /** Enters a model with a clearance. @throws Fault `number-taken` */
  enter(entry: Entry): Promise<void> {
    const { makeId, clock } = this.#options
    return recordEntry(this.#database, entry, { id: makeId(), now: clock.now() })
  }

  /** A model by identity, with its files. */
  findModel(id: string): Promise<queries.ModelRecord | undefined> {
    return queries.findModel(this.#database, id)
  }

  /** Models whose reference, identity, file digest or certificate number matches; newest first. */
  search(options: queries.SearchOptions): Promise<queries.SearchPage> {
    return queries.searchModels(this.#database, options)
  }

  /** Everything that was ever decided about a model, newest first. */
  docket(modelId: string): Promise<readonly queries.ClearanceRecord[]> {
    return queries.listClearances(this.#database, modelId)
  }

  /** One certificate by its 12 digits. */
  findCertificate(number: string): Promise<queries.CertificateRecord | undefined> {
    return queries.findCertificate(this.#database, number)
  }

  /** The compact token of a certificate, when it was issued with one. */
  findToken(number: string): Promise<string | undefined> {
    return queries.findToken(this.#database, number)
  }

  /** Canonical JSON of a dossier by its digest. */
  findDossier(digest: string): Promise<string | undefined> {
    return queries.findDossier(this.#database, digest)
  }

  /** The latest decision on each file digest or model identity that was asked for. */
  standings(digests: readonly string[]): Promise<readonly queries.Standing[]> {
    return queries.findStandings(this.#database, digests)
  }

  /** All fingerprints, in pages, so that memory stays bounded. */
  fingerprints(): AsyncGenerator<queries.FingerprintRecord> {
    return queries.listFingerprints(this.#database)
  }

  /** The fingerprints of these models, as far as they have one. */
  fingerprintsOf(ids: readonly string[]): AsyncGenerator<queries.FingerprintRecord> {
    return queries.findFingerprints(this.#database, ids)
  }

  /** How many fingerprints there are, and of how many there is what an index is made from. */
  screeningState(): Promise<ScreeningState> {
    return readScreeningState(this.#database)
  }

  /** Makes what an index is made from for fingerprints of before there was such a table. */
  fillScreening(onProgress: (done: number) => void): Promise<void> {
    return fillScreening(this.#database, { makeId: this.#options.makeId, onProgress })
  }

  /** What an index is made from, in the order of entering, after a cursor; `''` for all. */
  screeningRows(after: string): AsyncGenerator<ScreeningPage> {
    return listScreening(this.#database, after)
  }

  /** The facts of one model. */
  findFacts(modelId: string): Promise<ArtefactFacts | undefined> {
    return findFacts(this.#database, modelId)
  }

  /** What was kept of every model, for rules that were written since. */
  evidence(): AsyncGenerator<EvidenceRecord> {
    return listEvidence(this.#database)
  }

  /** Deep inspections: what waits, runs and was found. */
  get inspections(): DeepInspections {
    return new DeepInspections(this.#database, this.#options)
  }

  /** Number of models and clearances. */
  count(): Promise<{ readonly models: number; readonly clearances: number }> {
    return queries.countAll(this.#database)
  }

  close(): Promise<void> {
    return this.#close()
  }
}

/**
 * Opens a register and brings it to this version.
 *
 * @throws Fault `register-locked`, `register-unusable`, `register-newer`, `migration-changed`
 */
export async function openRegister(options: RegisterOptions): Promise<Register> {
  const connection = await connect(options.place)
  try {
    await migrate(connection.database)
  } catch (thrown) {
    await connection.close()
    if (thrown instanceof Fault) throw thrown
    throw new Fault('register-unusable', `the register cannot be brought to this version: ${String(thrown)}`, {
      cause: thrown,
    })
  }
  return new Register(connection.database, connection.close, options)
}
