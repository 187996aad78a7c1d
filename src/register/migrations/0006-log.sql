-- The transparency log: what was appended and in which order, and how far it stands in tiles and is published.
-- Portable subset, as before. One row of log_sequence is locked by whoever gives out indices.

create table log_sequence (
  id integer primary key,              -- short name of the log inside this database
  origin text not null unique,
  next bigint not null                 -- index of the next leaf: so many were ever acknowledged
);

create table log_batch (               -- sequenced, but not yet in tiles; removed when it is
  log integer not null,
  first bigint not null,               -- index of its first leaf
  leaves integer not null,
  bytes bytea not null,                -- each leaf behind its length, as in an entry bundle
  primary key (log, first)
);

create table log_entry (
  log integer not null,
  idx bigint not null,
  leaf_hash bytea not null,
  created_at timestamptz not null,
  primary key (log, idx)
);
create index log_entry_leaf on log_entry (log, leaf_hash);

create table log_link (                -- leaves that stand in a chain
  log integer not null,
  chain text not null,
  seq bigint not null,
  prev bytea,                          -- leaf hash of the link before; null for the first
  leaf_hash bytea not null,
  idx bigint not null,
  primary key (log, chain, seq)
);

create table log_tree (                -- how far the tiles reach
  log integer primary key,
  size bigint not null,
  root bytea not null
);

create table log_published (           -- the checkpoint that is served
  log integer primary key,
  size bigint not null,
  note text not null
);

create table log_object (              -- tiles and entry bundles, where no folder or object store holds them
  log integer not null,
  path text not null,
  bytes bytea not null,
  primary key (log, path)
);

-- What was logged is never edited.
create function refuse_log_change() returns trigger language plpgsql as $$
begin
  raise exception 'what was logged is never changed or removed';
end $$;
create trigger log_entry_is_kept before update or delete on log_entry
  for each statement execute function refuse_log_change();
create trigger log_link_is_kept before update or delete on log_link
  for each statement execute function refuse_log_change();
