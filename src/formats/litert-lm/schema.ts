/**
 * The schema of the header of a LiteRT-LM bundle, as data.
 *
 * Source: `litertlm_header_schema.fbs` of LiteRT-LM 0.18.
 */
import { parseSchema } from '../flatbuffer/schema.ts'

/** Everything below a `LiteRTLMMetaData`. */
export const LITERT_SCHEMA = parseSchema(`
UInt8: value u8
Int8: value i8
UInt16: value u16
Int16: value i16
UInt32: value u32
Int32: value i32
Float32: value f32
Bool: value bool
StringValue: value string
UInt64: value u64
Int64: value i64
Double: value f64
union VData: UInt8 Int8 UInt16 Int16 UInt32 Int32 Float32 Bool StringValue UInt64 Int64 Double
KeyValuePair: key string, valueType u8, value <VData>
SystemMetadata: entries [KeyValuePair]
SectionObject: items [KeyValuePair], beginOffset u64, endOffset u64, dataType u8
SectionMetadata: objects [SectionObject]
LiteRTLMMetaData: systemMetadata SystemMetadata, sectionMetadata SectionMetadata
`)
