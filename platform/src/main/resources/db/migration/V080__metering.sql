-- Usage sets as far as the log has been folded. Rows grow with jobs x days, never with receipts: a bitmap holds what a
-- receipt adds. Every bitmap stands beside a checksum of the whole row, so that a changed bit is found when it is read.
create schema metering;

create table metering.progress (
    single   boolean primary key default true check (single),
    position bigint not null check (position >= 0)
);
comment on column metering.progress.position is 'log entries folded; sets and epochs are those of exactly that position';
insert into metering.progress (position) values (0);

create table metering.usage_set (
    contract     text collate "C" not null,
    job          text collate "C" not null,
    scope        smallint not null check (scope between 1 and 4),
    bucket_start bigint not null check (bucket_start >= 0),
    bucket_end   bigint not null,
    dataset      bytea not null check (octet_length(dataset) = 32),
    works        integer not null check (works >= 0),
    counts       bytea not null,
    positions    bytea not null,
    checksum     bytea not null check (octet_length(checksum) = 32),
    primary key (contract, job, scope, bucket_start),
    check (bucket_start < bucket_end)
) with (fillfactor = 80);
create index usage_set_by_time on metering.usage_set (bucket_end, bucket_start);
comment on column metering.usage_set.bucket_start is 'milliseconds since 1970 of the first delivery that may be in it';
comment on column metering.usage_set.counts is 'standing deliveries per ordinal, one Roaring bitmap per binary digit';
comment on column metering.usage_set.positions is 'log positions of the batches that changed it, as 64-bit Roaring';

create table metering.epoch (
    edge      integer not null,
    epoch     integer not null,
    seen      bytea not null,
    voided    bytea not null,
    positions bytea not null,
    checksum  bytea not null check (octet_length(checksum) = 32),
    primary key (edge, epoch)
) with (fillfactor = 80);
comment on column metering.epoch.seen is 'ranges of sequence numbers folded, first and last, eight bytes each';

create table metering.boundary (
    moment bigint primary key
);
comment on table metering.boundary is 'where buckets are cut besides midnights (UTC): ends of closed periods';

create table metering.anomaly (
    position bigint not null,
    reason   text not null,
    leaves   integer not null check (leaves >= 1),
    primary key (position, reason)
);
comment on table metering.anomaly is 'deliveries that belong to no set, by batch and reason; at most one row per reason and batch';
