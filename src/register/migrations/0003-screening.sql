-- What of each fingerprint an index is made from, so that an index of very many models can be made on any machine that
-- reaches the register without reading the fingerprints themselves, which are thirty times larger.

create table screening (
  model_id text primary key references model (id),
  sha256 text not null,                -- of the fingerprint that it was made from
  entered text not null unique,        -- UUIDv7: sorts by time, and says from where an index has to go on
  index_row text                       -- JSON; null when the fingerprint cannot be read
);
