/**
 * Files of a remote model of which only some parts are brought here.
 */
import { join } from 'node:path'
import { PagedFile, type Artefact, type RemoteFile, type RemoteListing } from '../../artefact/index.ts'
import type { PartialFile } from '../../formats/index.ts'

const NO_DIGEST = '0'.repeat(64)

/** What stands for the artefact: its identity is not known before all of it was read. */
export function asArtefact({ ref, kind }: RemoteListing, files: readonly PagedFile[]): Artefact {
  const listed = files.map(({ remote, size }) => ({ path: remote.path, size, sha256: remote.sha256 ?? NO_DIGEST }))
  return {
    id: `peek:${ref}`,
    source: { kind: kind === 'hub' ? 'hub' : 'https', ref },
    files: listed,
    size: files.reduce((sum, { size }) => sum + size, 0),
    digests: { sha256: NO_DIGEST, dirHash: NO_DIGEST },
    problems: [],
    ignored: [],
  }
}

/** A paged file as the confined reader wants it. */
export function toPartial(paged: PagedFile): PartialFile {
  const { remote, file, size } = paged
  return {
    path: remote.path,
    file,
    size,
    get pages() {
      return paged.pages
    },
    fetch: (from, to) => paged.fetch(from, to),
  }
}

/** Opens files, one request each, calling back before each. When one cannot be opened, those before are closed. */
export async function openPaged(
  remotes: readonly RemoteFile[],
  folder: string,
  onFile: (remote: RemoteFile, index: number) => void,
): Promise<PagedFile[]> {
  const files: PagedFile[] = []
  try {
    for (const [index, remote] of remotes.entries()) {
      onFile(remote, index)
      files.push(await PagedFile.open(remote, join(folder, String(index))))
    }
    return files
  } catch (thrown) {
    for (const file of files) file.close()
    throw thrown
  }
}
