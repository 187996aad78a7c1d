/** Status of certificates: what became of each, and the signed list of it; see each module. */
export { assignIndex } from './assign-index.ts'
export { MIN_ENTRIES, type Status } from './bitstring.ts'
export { listStatuses, type CertificateStatus } from './lifecycle.ts'
