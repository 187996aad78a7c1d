/** Tiles, bundles and checkpoint in an S3-compatible store, from where anyone can be served. */
import { TILE_WIDTH } from '../tiles/paths.ts'
import { S3Objects, type S3Place } from './s3.ts'
import { eachFew, ensureSame, type StoredObject, type TileStore } from './tile-store.ts'

const AT_ONCE = 16

/** See the module. */
export class S3Tiles implements TileStore {
  readonly #objects: S3Objects

  constructor(place: S3Place) {
    this.#objects = new S3Objects(place)
  }

  async get(path: string): Promise<Uint8Array | undefined> {
    return (await this.#objects.get(path))?.bytes
  }

  async #keepOne(object: StoredObject): Promise<void> {
    if (await this.#objects.put(object.path, object.bytes, 'absent')) return
    ensureSame(object, await this.get(object.path))
  }

  keep(objects: readonly StoredObject[]): Promise<void> {
    return eachFew(objects, AT_ONCE, (object) => this.#keepOne(object))
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    await this.#objects.put(path, bytes, 'always')
  }

  async dropPartials(paths: readonly string[]): Promise<void> {
    const widths = Array.from({ length: TILE_WIDTH - 1 }, (_, at) => at + 1)
    const partials = paths.flatMap((path) => widths.map((width) => `${path}.p/${width}`))
    await eachFew(partials, AT_ONCE, (path) => this.#objects.remove(path))
  }
}
