-- The words behind statements: the log has a salted digest of each, the text lies here, where it can be erased without
-- touching the log. Portable subset, as before.

create table docket_text (
  digest text primary key,             -- salted SHA-256, as the statement names it
  salt text,                           -- 32 bytes, hex; null when erased
  body text,                           -- null when erased
  erased_at timestamptz
);
