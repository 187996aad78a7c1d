-- Deep inspections: comparisons of two models that take hours. Each is done in steps; what was reached is kept, so that
-- another process, or another machine, goes on from there.

create table deep_inspection (
  id text primary key,                 -- UUIDv7: sorts by time
  a_ref text not null,
  a_id text not null,                  -- identity when it was asked for: another model of the same name is not taken
  b_ref text not null,
  b_id text not null,
  status text not null check (status in ('waiting', 'running', 'done', 'failed')),
  attempts integer not null,           -- times that it was taken up since it last came further
  worker text,                         -- who has it, while it is running
  leased_until timestamptz,            -- after this anyone may take it up
  kind text,                           -- computation and version that the state belongs to
  state bytea,                         -- canonical JSON, deflated
  progress text,                       -- canonical JSON
  result bytea,                        -- canonical JSON, deflated
  failure text,
  created_at timestamptz not null,
  changed_at timestamptz not null
);
create index deep_inspection_status on deep_inspection (status, id);
create unique index deep_inspection_open on deep_inspection (a_id, b_id) where status in ('waiting', 'running');
