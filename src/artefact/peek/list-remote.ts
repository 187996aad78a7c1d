/**
 * The files behind a reference that is not to be downloaded.
 *
 * A hub lists the files of a pinned commit with their digests; an address is one file; an object of an S3-compatible
 * store is one file behind a signed address; an image of an OCI registry has a blob for each layer, named by its digest.
 */
import { basename } from 'node:path'
import { Fault } from '../../base/index.ts'
import { readEndpoint } from '../hub/endpoint.ts'
import { askedFor, encodePath, isCommit, listCommit, pinCommit } from '../hub/repository.ts'
import { separateCredential } from '../open-https.ts'
import type { OpenOptions } from '../open-options.ts'
import { parseReference, type HttpsReference, type HubReference } from '../reference.ts'
import { createWire } from '../remote/wire.ts'
import { listOci } from './list-oci.ts'
import { listS3 } from './list-s3.ts'
import type { RemoteListing } from './remote-file.ts'

async function listHub(reference: HubReference, options: OpenOptions): Promise<RemoteListing> {
  const endpoint = readEndpoint(options.environment ?? {})
  const wire = createWire(options, endpoint.credential)
  const { repository, revision, ref } = reference
  const commit = isCommit(revision) ? revision : await pinCommit(wire, endpoint, reference)
  const tree = await listCommit(wire, endpoint, { reference, commit })
  const files = tree.files.map(({ path, size, declared }) => ({
    path,
    url: `${endpoint.url}/${encodePath(repository)}/resolve/${commit}/${encodePath(path)}`,
    size,
    ...('sha256' in declared && { sha256: declared.sha256 }),
    pinned: true,
    asked: askedFor(reference, endpoint, path),
    wire,
  }))
  const unusable = tree.problems.filter(({ excluded }) => excluded)
  return { ref, kind: 'hub', pin: commit, files, unusable }
}

function listHttps(reference: HttpsReference, options: OpenOptions): RemoteListing {
  const { url, credential } = separateCredential(reference.url)
  const path = basename(new URL(url).pathname) || 'download'
  const asked = { what: reference.ref, isHub: false, hasToken: credential !== undefined }
  const digest = reference.sha256 === undefined ? {} : { sha256: reference.sha256 }
  const file = { path, url, ...digest, pinned: false, asked, wire: createWire(options, credential) }
  return { ref: reference.ref, kind: 'https', files: [file] }
}

/**
 * Lists what a reference names.
 *
 * @throws Fault `bad-reference` for what is not remote; those of a download
 */
export async function listRemote(ref: string, options: OpenOptions): Promise<RemoteListing> {
  if (ref.startsWith('s3:')) return listS3(ref, options)
  if (ref.startsWith('oci:')) return listOci(ref, options)
  const reference = parseReference(ref)
  if (reference.kind === 'hub') return listHub(reference, options)
  if (reference.kind === 'https') return listHttps(reference, options)
  throw new Fault('bad-reference', `${ref} is on this machine; tidewaiter inspect reads it whole`)
}
