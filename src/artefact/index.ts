/** Intake: a reference becomes a read-only artefact. */
export * from './artefact.ts'
export { openArtefact } from './open-artefact.ts'
export { digestPieces } from './digest-pieces.ts'
export { listRemote } from './peek/list-remote.ts'
export { PagedFile } from './peek/paged-file.ts'
export type { RemoteFile, RemoteListing } from './peek/remote-file.ts'
export type { Fetch, IntakeProgress, OpenOptions } from './open-options.ts'
export {
  parseReference,
  type HttpsReference,
  type HubReference,
  type PathReference,
  type Reference,
} from './reference.ts'
