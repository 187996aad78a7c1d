/**
 * Objects in an S3-compatible store: signed requests, and the two conditions that make writing safe.
 *
 * `If-None-Match: *` writes only what is not there; `If-Match` replaces only what one has read. Both are checked by the
 * store itself, so no lock is needed beside it.
 *
 * Source: Amazon S3 "conditional requests" (2024-08 and 2024-11), taken up by MinIO, Ceph, R2 and Garage; AWS Signature
 * Version 4.
 */
import { AwsClient } from 'aws4fetch'
import { Fault, toFault } from '../../base/index.ts'

/** A place in a bucket, and who asks. */
export interface S3Place {
  /** Address of bucket and prefix: `https://s3.eu-west-2.amazonaws.com/bucket/logs/2026`. */
  readonly address: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly region: string
  readonly fetch: typeof globalThis.fetch
}

/** An object and the tag of this version of it. */
export interface S3Object {
  readonly bytes: Uint8Array
  readonly tag: string
}

/** When a put is done: always, when nothing is there, or when this version is. */
export type PutCondition = 'always' | 'absent' | { readonly tag: string }

const TRIES = 4
const PRECONDITION_FAILED = 412
const CONFLICT = 409

function conditionHeaders(condition: PutCondition): Readonly<Record<string, string>> {
  if (condition === 'always') return {}
  return condition === 'absent' ? { 'if-none-match': '*' } : { 'if-match': condition.tag }
}

/** See the module. */
export class S3Objects {
  readonly #place: S3Place
  readonly #client: AwsClient

  constructor(place: S3Place) {
    const { accessKeyId, secretAccessKey, sessionToken, region } = place
    this.#place = place
    this.#client = new AwsClient({
      accessKeyId,
      secretAccessKey,
      region,
      service: 's3',
      ...(sessionToken === undefined ? {} : { sessionToken }),
    })
  }

  async #ask(path: string, request: RequestInit): Promise<Response> {
    const address = `${this.#place.address.replace(/\/+$/, '')}${path === '' ? '' : `/${path}`}`
    let failure: Fault | undefined
    for (let tried = 0; tried < TRIES; tried++) {
      try {
        const answer = await this.#place.fetch(await this.#client.sign(address, request))
        if (answer.status < 500 && answer.status !== CONFLICT) return answer
        await answer.body?.cancel()
        failure = new Fault('object-store', `the object store answered ${answer.status} for ${path}`)
      } catch (thrown) {
        failure = new Fault('object-store', `the object store: ${toFault(thrown).message}`, { cause: thrown })
      }
    }
    throw failure ?? new Fault('object-store', 'the object store does not answer')
  }

  /** Reads an object. @throws Fault `object-store` */
  async get(path: string): Promise<S3Object | undefined> {
    const answer = await this.#ask(path, { method: 'GET' })
    if (answer.status === 404) {
      await answer.body?.cancel()
      return undefined
    }
    if (!answer.ok) throw new Fault('object-store', `the object store answered ${answer.status} for ${path}`)
    return { bytes: new Uint8Array(await answer.arrayBuffer()), tag: answer.headers.get('etag') ?? '' }
  }

  /** Writes an object; false when the condition does not hold. @throws Fault `object-store` */
  async put(path: string, bytes: Uint8Array, condition: PutCondition): Promise<boolean> {
    const headers = { 'content-type': 'application/octet-stream', ...conditionHeaders(condition) }
    const answer = await this.#ask(path, { method: 'PUT', body: bytes, headers })
    await answer.body?.cancel()
    if (answer.status === PRECONDITION_FAILED || (answer.status === 404 && condition !== 'always')) return false
    if (!answer.ok) throw new Fault('object-store', `the object store answered ${answer.status} for ${path}`)
    return true
  }

  /** Removes an object, if it is there. @throws Fault `object-store` */
  async remove(path: string): Promise<void> {
    const answer = await this.#ask(path, { method: 'DELETE' })
    await answer.body?.cancel()
    if (!answer.ok && answer.status !== 404)
      throw new Fault('object-store', `the object store answered ${answer.status} for ${path}`)
  }
}
