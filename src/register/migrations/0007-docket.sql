-- What was said of each model: the signed statements of its docket, in order. The log holds their leaves; this holds
-- their texts and how they were found. Portable subset, as before.

create table docket_statement (
  leaf_hash text primary key,          -- of the hashedrekord leaf: the identity of the statement
  model_id text not null,
  family_id text not null,
  seq bigint not null,                 -- place in the docket of the model
  kind text not null,                  -- clearance, inspection, revocation …
  number text,                         -- of a certificate
  origin text not null,                -- of the log
  leaf_index bigint not null,          -- index of the register leaf, which is the link of the chain
  issued_at timestamptz not null,
  bundle text not null
);
create index docket_statement_model on docket_statement (model_id, seq);
create index docket_statement_number on docket_statement (number);

create table status_place (            -- which certificate has which place in which status list; never given twice
  list text not null,
  idx integer not null,
  number text not null,
  primary key (list, idx)
);
