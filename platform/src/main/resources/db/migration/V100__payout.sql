-- How payees want to be paid. The table named personal_* holds what the log must never hold; a rebuild keeps it.
create schema payout;

create table payout.instruction (
    id          text collate "C" primary key,
    position    bigint not null unique,
    party       text collate "C" not null,
    rail        text not null,
    currency    text collate "C" not null,
    schedule    text not null check (schedule in ('instant', 'weekly', 'monthly')),
    minimum     bigint check (minimum >= 0),
    destination bytea not null unique check (octet_length(destination) = 32),
    scheduled   timestamptz not null
);
create index instruction_by_party on payout.instruction (party, currency, position);
comment on column payout.instruction.destination is 'salted hash; the latest instruction of a party and currency holds';

create table payout.personal_destination (
    hash        bytea primary key check (octet_length(hash) = 32),
    salt        bytea not null check (octet_length(salt) = 32),
    destination text not null,
    created     timestamptz not null
);
comment on table payout.personal_destination is 'personal: kept by a rebuild, removed by an erasure';
