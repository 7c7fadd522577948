-- What buyers order before the first delivery of a job: a projection of the log. The table of commitments is a blob.
create table delivery.job_order (
    contract   text collate "C" not null,
    number     integer not null check (number >= 1),
    position   bigint not null unique,
    job        text collate "C" not null references delivery.job,
    tag        text collate "C" not null unique,
    keys       bytea not null check (octet_length(keys) = 32),
    works      integer not null check (works >= 1),
    ordered    integer not null check (ordered between 1 and works),
    ends       timestamptz not null,
    compact    text not null,
    table_blob bytea not null check (octet_length(table_blob) = 32),
    primary key (contract, number)
);
create index job_order_by_job on delivery.job_order (job, number);
create index job_order_by_keys on delivery.job_order (keys, position);
comment on column delivery.job_order.keys is 'root of the table of commitments, as it stands in the order and its grants';
