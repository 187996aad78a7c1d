/** Bills of materials: what a model is made of and where it came from, in the formats that others read; see each module. */
export { CYCLONEDX_VERSIONS, writeCycloneDx, type CycloneDxVersion } from './cyclonedx.ts'
export { identifyBill, LARGEST_BILL, type BilledIdentity } from './identify-bill.ts'
export { billModel, type BilledCertificate, type BillInput, type ModelBill } from './model-bill.ts'
export { writeSpdx } from './spdx.ts'
