-- Where the log announces its change of format, which it does once.
create table settlement.format (
    position bigint primary key,
    version  integer not null check (version > 0)
);
