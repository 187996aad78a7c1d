/** Rules over facts give findings. */
export * from './finding.ts'
