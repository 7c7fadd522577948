-- How much of the log the tables of all rooms have taken in. One row: the state of the whole database is that of one
-- position. Root and time let the database notice a log that is not a continuation of the one it knows.
create schema log;

create table log.applied (
  single boolean primary key default true check (single),
  position bigint not null check (position >= 0),
  root bytea not null check (length(root) = 32),
  time timestamptz not null
);

insert into log.applied (position, root, time)
values (0, decode('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'hex'), 'epoch');

create function log.applied_is_one_row() returns trigger language plpgsql as $$
begin
  raise exception 'log.applied keeps its one row';
end $$;

create trigger applied_is_one_row before delete or truncate on log.applied
  for each statement execute function log.applied_is_one_row();
