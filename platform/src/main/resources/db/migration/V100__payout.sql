-- How payees want to be paid. The table named personal_* holds what the log must never hold; a rebuild keeps it.
create schema payout;

create table payout.instruction (
    id               text collate "C" primary key check (id ~ '^po-[0-9a-f]{40}$'),
    party            text collate "C" not null,
    rail             text not null,
    currency         text not null check (currency ~ '^[A-Z]{3}$'),
    schedule         text not null check (schedule in ('instant', 'weekly', 'monthly')),
    minimum_micros   bigint check (minimum_micros > 0),
    destination_hash bytea not null unique check (octet_length(destination_hash) = 32),
    scheduled        timestamptz not null,
    position         bigint not null unique
);
create index instruction_by_party on payout.instruction (party, currency, position);

create table payout.personal_destination (
    hash        bytea primary key check (octet_length(hash) = 32),
    salt        bytea not null check (octet_length(salt) = 32),
    destination text not null,
    created     timestamptz not null
);
comment on table payout.personal_destination is 'personal: kept by a rebuild, removed by an erasure';
