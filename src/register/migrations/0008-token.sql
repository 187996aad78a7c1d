-- Compact tokens: what the printed code of a certificate carries. Signed when the certificate was, and never changed.

create table certificate_token (
  number text primary key,
  token text not null                  -- 130 characters, base64url
);
