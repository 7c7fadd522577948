-- Jobs, tokens, edges, what edges have shipped, and usage events: a projection of the log. No row per receipt, and none
-- per batch either: a shipment is one row, its batches lie one after another in its bundle and in the log.
create schema delivery;

create table delivery.job (
    id       text collate "C" primary key,
    position bigint not null unique,
    contract text collate "C" not null,
    buyer    text collate "C" not null,
    dataset  bytea not null check (octet_length(dataset) = 32),
    model    text not null,
    opened   timestamptz not null
);
create index job_by_contract on delivery.job (contract, position);

create table delivery.job_closing (
    job      text collate "C" primary key references delivery.job,
    position bigint not null unique,
    closed   timestamptz not null,
    works    integer not null check (works >= 0),
    manifest bytea not null check (octet_length(manifest) = 32)
);
comment on column delivery.job_closing.manifest is 'SHA-256 over the sorted content ids; the ids stand in the log entry';

create table delivery.token (
    id       bytea primary key check (octet_length(id) = 24),
    position bigint not null unique,
    job      text collate "C" not null references delivery.job,
    contract text collate "C" not null,
    expires  timestamptz not null,
    claims   text not null
);
create index token_by_job on delivery.token (job, position);
create index token_by_contract on delivery.token (contract, position);

create table delivery.token_revocation (
    token    bytea primary key references delivery.token,
    position bigint not null,
    revoked  timestamptz not null
);
create index token_revocation_by_position on delivery.token_revocation (position);

create table delivery.edge (
    edge     integer primary key check (edge >= 1),
    position bigint not null unique,
    name     text not null unique,
    party    text collate "C" not null unique
);

create table delivery.certificate (
    edge        integer not null references delivery.edge,
    epoch       integer not null check (epoch >= 1),
    position    bigint not null unique,
    did_key     text collate "C" not null unique,
    certificate text not null,
    primary key (edge, epoch)
);

create table delivery.edge_revocation (
    edge     integer not null references delivery.edge,
    epoch    integer not null check (epoch >= 0),
    position bigint not null,
    revoked  timestamptz not null,
    reason   text not null,
    primary key (edge, epoch)
);
comment on column delivery.edge_revocation.epoch is '0: every epoch, those to come as well';

create table delivery.stream (
    edge          integer not null,
    epoch         integer not null,
    next_sequence bigint not null check (next_sequence >= 1),
    last_header   bytea not null check (octet_length(last_header) = 32),
    primary key (edge, epoch),
    foreign key (edge, epoch) references delivery.certificate (edge, epoch)
);
comment on table delivery.stream is 'how far each epoch has come';

create table delivery.shipment (
    bundle         bytea primary key check (octet_length(bundle) = 32),
    edge           integer not null,
    epoch          integer not null,
    first_sequence bigint not null,
    last_sequence  bigint not null,
    position       bigint not null unique,
    batches        integer not null check (batches >= 1),
    foreign key (edge, epoch) references delivery.certificate (edge, epoch),
    check (first_sequence <= last_sequence)
);
create index shipment_by_sequence on delivery.shipment (edge, epoch, last_sequence);
comment on column delivery.shipment.position is 'log position of its first batch; the others follow';

create table delivery.gap (
    edge           integer not null,
    epoch          integer not null,
    first_sequence bigint not null,
    last_sequence  bigint not null,
    position       bigint not null,
    primary key (edge, epoch, first_sequence),
    foreign key (edge, epoch) references delivery.certificate (edge, epoch),
    check (first_sequence <= last_sequence)
);
comment on table delivery.gap is 'numbers an edge reserved and never used, by its own signed chain of headers';

create table delivery.equivocation (
    position  bigint primary key,
    edge      integer not null,
    epoch     integer not null,
    recorded  bytea not null,
    presented bytea not null,
    foreign key (edge, epoch) references delivery.certificate (edge, epoch)
);
create index equivocation_by_epoch on delivery.equivocation (edge, epoch);
comment on table delivery.equivocation is 'two headers an edge signed for the same numbers: proof that it lied';

create table delivery.usage_event (
    contract text collate "C" not null,
    batch    text collate "C" not null,
    position bigint not null unique,
    hash     bytea not null check (octet_length(hash) = 32),
    job      text collate "C" not null,
    sequence bigint check (sequence >= 1),
    samples  bigint not null check (samples >= 0),
    epoch    bigint,
    model    text,
    reported timestamptz not null,
    primary key (contract, batch)
);
create unique index usage_event_by_sequence on delivery.usage_event (contract, job, sequence) where sequence is not null;
comment on column delivery.usage_event.job is 'empty where the event names none';
