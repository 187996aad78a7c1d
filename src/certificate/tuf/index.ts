/** Distribution of trust by a TUF repository: root ceremony, publishing, and the client; see each module. */
export { readTrust, refreshTrust, type RefreshRequest, type Trust, type TrustedState } from './client.ts'
export { publishedTarget, publishRoot, publishState, type Publication, type PublishedState } from './repository.ts'
export { describeRoot, planNextRoot, planRoot, signRoot } from './root.ts'
export type { RootChange, RootPlan, RootState } from './root.ts'
