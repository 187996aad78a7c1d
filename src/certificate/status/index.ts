/** Status of certificates: what became of each, and the signed list of it; see each module. */
export { assignIndex } from './assign-index.ts'
export { MIN_ENTRIES, STATUSES, type Status, type StatusBits } from './bitstring.ts'
export { describeStatusList } from './status-list.ts'
export { compareStatusLists, recomputeStatusList } from './recompute.ts'
export { listStatuses, type CertificateStatus } from './lifecycle.ts'
