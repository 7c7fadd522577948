-- Contracts in force and their revocations: a projection of the log, never updated row by row.
create schema contract;

create table contract.contract (
    id              text collate "C" primary key,
    position        bigint not null unique,
    hash            bytea not null check (octet_length(hash) = 32),
    buyer           text collate "C" not null,
    curator         text collate "C" not null,
    dataset_version bytea not null check (octet_length(dataset_version) = 32),
    accepted        timestamptz not null,
    ends            timestamptz not null check (ends > accepted),
    document        text not null
);
comment on column contract.contract.hash is 'SHA-256 of what the parties signed';
comment on column contract.contract.document is 'canonical JSON, signatures included';

-- Everyone a contract names: buyer, curator, signers, recipients. For listings and for who may see it.
create table contract.party (
    party    text collate "C" not null,
    contract text collate "C" not null references contract.contract,
    primary key (party, contract)
);
create index party_by_contract on contract.party (contract);

create table contract.revocation (
    contract text collate "C" primary key references contract.contract,
    position bigint not null unique,
    revoked  timestamptz not null,
    party    text collate "C" not null,
    reason   text not null
);
