-- Who takes part. The tables named personal_* hold what the log must never hold; a rebuild keeps them.
create schema party;

create table party.party (
    id           text collate "C" primary key check (id ~ '^[A-Za-z0-9][A-Za-z0-9:._-]{0,63}$'),
    role         text not null check (role in ('creator', 'curator', 'buyer', 'auditor', 'operator', 'edge')),
    did_key      text,
    profile_hash bytea unique check (octet_length(profile_hash) = 32),
    registered   timestamptz not null,
    position     bigint not null,
    key_position bigint not null,
    check ((role = 'edge') = (did_key is null)),
    check ((role = 'edge') = (profile_hash is null))
);
create index party_by_role on party.party (role, id);

create table party.personal_profile (
    hash         bytea primary key check (octet_length(hash) = 32),
    salt         bytea not null check (octet_length(salt) = 32),
    display_name text not null,
    created      timestamptz not null
);
comment on table party.personal_profile is 'personal: kept by a rebuild, removed by an erasure';

create table party.personal_key (
    id          text collate "C" primary key,
    party       text collate "C" not null,
    secret_hash bytea not null check (octet_length(secret_hash) = 32),
    bootstrap   boolean not null,
    issued      timestamptz not null
);
create index personal_key_by_party on party.personal_key (party);
comment on table party.personal_key is 'personal: kept by a rebuild, removed by an erasure';
