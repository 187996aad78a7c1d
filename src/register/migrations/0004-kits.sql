-- Kits of secret models: the keys that were issued, what was registered and when, and the disputes that followed.

create table kit_key (
  id text primary key,                 -- UUIDv7
  commitment text not null unique,     -- names the key and tells nothing of it
  sealed bytea not null,               -- the seed, sealed under the registry's own secret
  issued_at timestamptz not null
);

create table kit_registration (
  id text primary key,                 -- UUIDv7: sorts by time
  ordinal integer not null unique,     -- 1, 2, 3 …: of two that come at once, one has to look again
  registrant text not null,
  sha256 text not null unique,         -- of the kit
  key_commitment text not null,
  bytes bytea not null,                -- a secret kit
  registered_at timestamptz not null
);

create table kit_dispute (
  id text primary key,                 -- UUIDv7
  registration_id text not null references kit_registration (id),
  kind text not null check (kind in ('earlier-kit', 'public-digest', 'public-kin')),
  other text not null,                 -- id of the earlier registration, or of the public model
  log10p double precision,             -- null where the evidence is no probability
  detail text not null,
  opened_at timestamptz not null
);
create index kit_dispute_registration on kit_dispute (registration_id, id);

-- What was registered or disputed is never edited.
create function refuse_kit_change() returns trigger language plpgsql as $$
begin
  raise exception 'a registration or dispute is never changed or removed; say something new instead';
end $$;
create trigger kit_registration_is_kept before update or delete on kit_registration
  for each row execute function refuse_kit_change();
create trigger kit_dispute_is_kept before update or delete on kit_dispute
  for each row execute function refuse_kit_change();
