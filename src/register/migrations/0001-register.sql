-- The register: models by identity, what was decided about each, and the evidence that later rules and traces need.
-- Portable subset: no advisory locks, no LISTEN, no deferrable keys; identifiers are made by the application.

create table model (
  id text primary key,                 -- tw1: and the dirHash
  ref text not null,                   -- the reference under which it first came in
  oms_root text not null,
  dir_hash text not null,
  size bigint not null,
  first_seen timestamptz not null
);
create index model_ref on model (ref);
create index model_oms_root on model (oms_root);

create table model_file (
  model_id text not null references model (id),
  path text not null,
  size bigint not null,
  sha256 text not null,
  primary key (model_id, path)
);
create index model_file_sha256 on model_file (sha256);

create table fingerprint (
  model_id text primary key references model (id),
  sha256 text not null,
  bytes bytea not null                 -- a .twf file
);

create table facts (
  model_id text primary key references model (id),
  sha256 text not null,                -- of the canonical JSON
  bytes bytea not null                 -- canonical JSON, deflated
);

create table dossier (
  sha256 text primary key,             -- of the canonical JSON
  model_id text not null references model (id),
  bytes bytea not null                 -- canonical JSON, deflated
);

create table clearance (
  id text primary key,                 -- UUIDv7: sorts by time
  number text not null unique,         -- 12 digits
  model_id text not null references model (id),
  ref text not null,
  decision text not null check (decision in ('cleared', 'cleared-with-advisories', 'held', 'refused')),
  channel text not null check (channel in ('green', 'amber', 'red')),
  issued_at timestamptz not null,
  expires_on timestamptz not null,
  dossier_sha256 text not null references dossier (sha256),
  bundle text not null                 -- Sigstore bundle, as issued
);
create index clearance_model on clearance (model_id, id);

create table certificate_serial (
  year integer primary key,
  last integer not null
);

-- What was said is never edited.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'a clearance is never changed or removed; say something new instead';
end $$;
create trigger clearance_is_kept before update or delete on clearance
  for each row execute function refuse_change();
