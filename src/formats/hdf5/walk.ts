/**
 * The walk over all objects that the root group leads to.
 *
 * Guarantee: each object is read once, whatever links lead to it; a link to a group above itself is noted; groups are
 * followed 64 deep and no deeper; a broken object does not keep the others from being read.
 */
import { quoteName } from '../names.ts'
import { type Attribute, readAttributes } from './attributes.ts'
import { DECLARED_TYPE, isDataset, readDataset } from './datasets.ts'
import { readEmbeddedAttribute } from './embedded.ts'
import type { Hdf5File } from './file.ts'
import { isGroup, readLinks } from './groups.ts'
import { GlobalHeaps } from './heaps.ts'
import { MODEL_CONFIG, TRAINING_CONFIG } from './keras.ts'
import { checkTarget } from './link-targets.ts'
import type { Link } from './links.ts'
import type { Message } from './object-header.ts'
import { ObjectTable } from './objects.ts'
import type { SharedMessages } from './shared-messages.ts'
import type { TreeRanks } from './superblock.ts'
import { factOf, textsOf } from './values.ts'

const DEEPEST = 64
/** Attributes whose text decides how a file is read. */
const DECISIVE: ReadonlySet<string> = new Set([MODEL_CONFIG, TRAINING_CONFIG, DECLARED_TYPE])

/** An object that waits to be read, and the groups above it. */
interface Visit {
  readonly address: number
  readonly path: string
  readonly depth: number
  readonly above: Visit | undefined
}

/** See the module. */
export class ObjectWalk {
  readonly #file: Hdf5File
  readonly #objects: ObjectTable
  readonly #ranks: TreeRanks
  readonly #visited = new Set<number>()
  readonly heaps: GlobalHeaps
  /** Decisive texts of the root group, whole. */
  readonly rootTexts = new Map<string, readonly string[]>()

  constructor(file: Hdf5File, { shared, ranks }: { readonly shared: SharedMessages; readonly ranks: TreeRanks }) {
    this.#file = file
    this.#objects = new ObjectTable(file, shared)
    this.#ranks = ranks
    this.heaps = new GlobalHeaps(file)
  }

  /** The messages of an object outside the walk. @throws Fault `h5-…` */
  messages(address: number): readonly Message[] {
    return this.#objects.messages(address)
  }

  /** Walks from the root group. */
  walk(root: number): void {
    const waiting: Visit[] = [{ address: root, path: '/', depth: 0, above: undefined }]
    this.#visited.add(root)
    for (let visit = waiting.pop(); visit !== undefined; visit = waiting.pop()) {
      const here = visit
      this.#file.locus = here.path === '/' ? 'root group' : quoteName(here.path)
      const children = this.#file.attempt(() => this.#read(here)) ?? []
      for (const child of children.toReversed()) waiting.push(child)
    }
  }

  #read(visit: Visit): readonly Visit[] {
    const file = this.#file
    const messages = this.#objects.messages(visit.address)
    const texts = this.#attributes(visit, messages)
    if (isDataset(messages)) {
      const source = { file, heaps: this.heaps, rank: this.#ranks.chunk }
      const place = { name: visit.path.slice(1), declared: texts.get(DECLARED_TYPE)?.[0] }
      file.attempt(() => readDataset(source, messages, place))
      return []
    }
    const links: Link[] = []
    if (isGroup(messages)) file.attempt(() => readLinks(file, messages, { ranks: this.#ranks, into: links }))
    return this.#follow(visit, links)
  }

  /** Notes the attributes of an object and gives the texts of those that decide how it is read. */
  #attributes({ path }: Visit, messages: readonly Message[]): ReadonlyMap<string, readonly string[]> {
    const file = this.#file
    const source = { file, heaps: this.heaps }
    const attributes: Attribute[] = []
    const texts = new Map<string, readonly string[]>()
    const names = new Set<string>()
    file.attempt(() => readAttributes({ file, shared: this.#objects.shared }, messages, attributes))
    for (const attribute of attributes) {
      const { name } = attribute
      if (names.has(name)) file.note('h5-duplicate-name', `the attribute ${quoteName(name)} stands twice`)
      names.add(name)
      file.attempt(() => {
        file.facts.metadata(factOf(source, `${path}@${name}`.toWellFormed(), attribute))
        readEmbeddedAttribute(source, path, attribute)
        if (DECISIVE.has(name)) texts.set(name, textsOf(source, attribute) ?? [])
      })
    }
    if (path === '/') for (const [name, items] of texts) this.rootTexts.set(name, items)
    return texts
  }

  #follow(visit: Visit, links: readonly Link[]): readonly Visit[] {
    const file = this.#file
    const names = new Set<string>()
    const group = file.locus
    const children = links.flatMap((link) => {
      const path = `${visit.path === '/' ? '' : visit.path}/${link.name}`
      file.locus = `link ${quoteName(path)}`
      if (names.has(link.name)) file.note('h5-duplicate-name', 'stands twice')
      names.add(link.name)
      checkTarget(file, link)
      return link.to.kind === 'hard' ? this.#enter(visit, path, link.to.address) : []
    })
    file.locus = group
    return children
  }

  #enter(above: Visit, path: string, address: number): readonly Visit[] {
    if (this.#visited.has(address)) {
      this.#checkCycle(above, address)
      return []
    }
    this.#visited.add(address)
    if (above.depth < DEEPEST) return [{ address, path, depth: above.depth + 1, above }]
    this.#file.note('h5-limit', `groups are nested deeper than ${DEEPEST}`)
    return []
  }

  #checkCycle(from: Visit, address: number): void {
    for (let group: Visit | undefined = from; group !== undefined; group = group.above) {
      if (group.address === address) return this.#file.note('h5-cycle', `leads back to ${quoteName(group.path)}`)
    }
  }
}
