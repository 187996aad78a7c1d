-- Which deep inspection was asked for. What was asked for before there was a choice is the one that there was.

alter table deep_inspection add column inspection text not null default 'every-cell';
alter table deep_inspection alter column inspection drop default;
drop index deep_inspection_open;
create unique index deep_inspection_open on deep_inspection (a_id, b_id, inspection)
  where status in ('waiting', 'running');
