/** Where the tiles and the lock of a log are, by the settings. */
import { isAbsolute, join, resolve } from 'node:path'
import { Fault } from '../../base/index.ts'
import {
  DatabaseTiles,
  fileLock,
  FileTiles,
  objectLock,
  S3Tiles,
  type CheckpointLock,
  type LogDatabase,
  type S3Place,
  type TileStore,
} from '../../log/index.ts'
import type { Context } from '../context.ts'

const S3 = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/([A-Za-z0-9._/-]+)$/

function firstOf(environment: Context['environment'], ...names: readonly string[]): string | undefined {
  return names.map((name) => environment[name]).find((value) => value !== undefined && value !== '')
}

/** Bucket and credentials as the clients of AWS read them. @throws Fault `bad-configuration` */
function s3Place(address: string, environment: Context['environment']): S3Place {
  const [, bucket, key] = S3.exec(address) ?? []
  const accessKeyId = firstOf(environment, 'AWS_ACCESS_KEY_ID')
  const secretAccessKey = firstOf(environment, 'AWS_SECRET_ACCESS_KEY')
  if (bucket === undefined || key === undefined)
    throw new Fault('bad-configuration', `"${address}" is not s3://bucket/prefix`)
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new Fault('bad-configuration', `${address} needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`)
  const region = firstOf(environment, 'AWS_REGION', 'AWS_DEFAULT_REGION') ?? 'us-east-1'
  const endpoint =
    firstOf(environment, 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL') ?? `https://s3.${region}.amazonaws.com`
  const sessionToken = firstOf(environment, 'AWS_SESSION_TOKEN')
  return {
    address: `${endpoint.replace(/\/+$/, '')}/${bucket}/${key}`,
    accessKeyId,
    secretAccessKey,
    region,
    fetch: globalThis.fetch,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  }
}

/** What makes the store of tiles: object store, folder or database. @throws Fault `bad-configuration` */
export function tilesPlace(context: Context, database: LogDatabase, origin: string): (log: number) => TileStore {
  const { settings, environment, places, register } = context
  const set = settings.logTiles
  if (set?.startsWith('s3://') === true) {
    const place = s3Place(`${set.replace(/\/+$/, '')}/${origin}`, environment)
    return () => new S3Tiles(place)
  }
  if (set !== undefined) return () => new FileTiles(join(resolve(set), origin))
  if ('databaseUrl' in register.place) return () => new FileTiles(join(places.home, 'log', origin))
  return (log) => new DatabaseTiles(database, log)
}

/** The lock on signing. @throws Fault `bad-configuration` */
export function lockPlace({ settings, environment, places }: Context, origin: string): CheckpointLock {
  const set = settings.logLock
  if (set === undefined) return fileLock(join(places.keys, `${origin}.checkpoint.sqlite`))
  if (set.startsWith('s3://')) return objectLock(s3Place(set, environment))
  return fileLock(isAbsolute(set) ? set : resolve(set))
}
