/**
 * One object of an S3-compatible store: `s3://bucket/key`.
 *
 * The address is signed for ten minutes with the credentials of the environment, as the clients of AWS read it; what is
 * sent afterwards is an ordinary request. Without credentials the address is used as it is, for public buckets.
 *
 * Source: AWS Signature Version 4, query parameters; `AWS_ENDPOINT_URL` of the AWS SDKs.
 */
import { AwsClient } from 'aws4fetch'
import { Fault } from '../../base/index.ts'
import { encodePath } from '../hub/repository.ts'
import { printableName } from '../names.ts'
import type { OpenOptions } from '../open-options.ts'
import { createWire } from '../remote/wire.ts'
import type { RemoteListing } from './remote-file.ts'

const FORM = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+)$/
const SECONDS = 600

type Environment = NonNullable<OpenOptions['environment']>

/** The first of these variables that is set and not empty. */
function firstOf(environment: Environment, ...names: readonly string[]): string | undefined {
  return names.map((name) => environment[name]).find((value) => value !== undefined && value !== '')
}

function regionOf(environment: Environment): string {
  return firstOf(environment, 'AWS_REGION', 'AWS_DEFAULT_REGION') ?? 'us-east-1'
}

interface Place {
  readonly bucket: string
  readonly key: string
}

function addressOf({ bucket, key }: Place, environment: Environment): URL {
  const endpoint =
    firstOf(environment, 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL') ??
    `https://s3.${regionOf(environment)}.amazonaws.com`
  if (!URL.canParse(endpoint)) throw new Fault('bad-endpoint', 'AWS_ENDPOINT_URL is not an address')
  return new URL(`${endpoint.replace(/\/+$/, '')}/${bucket}/${encodePath(key)}`)
}

async function sign(url: URL, environment: Environment): Promise<string> {
  const accessKeyId = firstOf(environment, 'AWS_ACCESS_KEY_ID')
  const secretAccessKey = firstOf(environment, 'AWS_SECRET_ACCESS_KEY')
  if (accessKeyId === undefined || secretAccessKey === undefined) return url.href
  const sessionToken = firstOf(environment, 'AWS_SESSION_TOKEN')
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    region: regionOf(environment),
    service: 's3',
    ...(sessionToken !== undefined && { sessionToken }),
  })
  url.searchParams.set('X-Amz-Expires', String(SECONDS))
  return (await client.sign(url.href, { method: 'GET', aws: { signQuery: true } })).url
}

/** Lists the one object. @throws Fault `bad-reference`, `bad-endpoint` */
export async function listS3(ref: string, options: OpenOptions): Promise<RemoteListing> {
  const [, bucket, key] = FORM.exec(ref) ?? []
  if (bucket === undefined || key === undefined)
    throw new Fault('bad-reference', `${printableName(ref)}: not s3://bucket/key`)
  const environment = options.environment ?? {}
  const url = await sign(addressOf({ bucket, key }, environment), environment)
  const path = key.slice(key.lastIndexOf('/') + 1) || 'object'
  const asked = { what: ref, isHub: false, hasToken: url.includes('X-Amz-Signature') }
  return { ref, kind: 's3', files: [{ path, url, pinned: false, asked, wire: createWire(options) }] }
}
