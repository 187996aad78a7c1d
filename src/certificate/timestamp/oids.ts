/**
 * Object identifiers of timestamps and their certificates, as the hex of their DER content.
 *
 * Source: RFC 3161, RFC 5035, RFC 5280, RFC 5480, RFC 5652, RFC 5754, RFC 8017.
 */

/** See the module. */
export const OID = {
  sha256: '608648016503040201',
  sha384: '608648016503040202',
  sha512: '608648016503040203',
  ecPublicKey: '2a8648ce3d0201',
  p256: '2a8648ce3d030107',
  p384: '2b81040022',
  rsaEncryption: '2a864886f70d010101',
  sha256WithRsa: '2a864886f70d01010b',
  sha384WithRsa: '2a864886f70d01010c',
  sha512WithRsa: '2a864886f70d01010d',
  ecdsaWithSha256: '2a8648ce3d040302',
  ecdsaWithSha384: '2a8648ce3d040303',
  ecdsaWithSha512: '2a8648ce3d040304',
  signedData: '2a864886f70d010702',
  timestampInfo: '2a864886f70d0109100104',
  contentType: '2a864886f70d010903',
  messageDigest: '2a864886f70d010904',
  signingTime: '2a864886f70d010905',
  signingCertificateV2: '2a864886f70d010910022f',
  subjectKeyIdentifier: '551d0e',
  keyUsage: '551d0f',
  basicConstraints: '551d13',
  authorityKeyIdentifier: '551d23',
  extendedKeyUsage: '551d25',
  timestamping: '2b06010505070308',
  organizationName: '55040a',
  commonName: '550403',
  /** 2.999.1.1, an arc for examples: policy of an authority that has not named one. */
  examplePolicy: '88370101',
} as const
