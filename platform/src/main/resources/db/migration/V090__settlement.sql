-- Closed periods, statements, invoices and what brings the next close on: a projection of the log. Rows grow with
-- contracts x payees and with contracts x jobs x closes, never with receipts.
create schema settlement;

create table settlement.close (
    number     integer primary key check (number >= 1),
    period     text collate "C" not null unique,
    entry      bigint not null unique,
    time_from  timestamptz not null,
    time_to    timestamptz not null,
    position   bigint not null,
    statements integer not null,
    invoices   integer not null,
    root       bytea not null check (octet_length(root) = 32),
    check (time_from < time_to)
);
comment on column settlement.close.entry is 'log position of the close entry; its parts follow it';
comment on column settlement.close.position is 'size of the log the close is a function of';
comment on column settlement.close.root is 'RFC 6962 root over the hashes of statements, then invoices, in order of id';

create table settlement.statement (
    id       text collate "C" primary key,
    close    integer not null references settlement.close,
    party    text collate "C" not null,
    currency text collate "C" not null,
    hash     bytea not null check (octet_length(hash) = 32),
    total    bigint not null,
    document text not null
);
create index statement_by_party on settlement.statement (party, currency, close);
create index statement_by_close on settlement.statement (close, id);

create table settlement.invoice (
    id       text collate "C" primary key,
    close    integer not null references settlement.close,
    contract text collate "C" not null,
    buyer    text collate "C" not null,
    currency text collate "C" not null,
    hash     bytea not null check (octet_length(hash) = 32),
    total    bigint not null,
    document text not null
);
create index invoice_by_contract on settlement.invoice (contract, close);
create index invoice_by_buyer on settlement.invoice (buyer, close);
create index invoice_by_close on settlement.invoice (close, id);

create table settlement.earned (
    contract text collate "C" not null,
    party    text collate "C" not null,
    exact    text not null,
    posted   bigint not null,
    primary key (contract, party)
);
comment on table settlement.earned is 'sums over all statements: exact in major units, posted in micros';

create table settlement.owed (
    contract   text collate "C" primary key,
    gross      text not null,
    charged    bigint not null,
    fee        text not null,
    fee_posted bigint not null,
    flat       boolean not null
);
comment on table settlement.owed is 'sums over all invoices; flat: whether a flat price has become due';

create table settlement.billed_part (
    contract text collate "C" not null,
    job      text collate "C" not null,
    scope    smallint not null,
    close    integer not null references settlement.close,
    dataset  bytea not null check (octet_length(dataset) = 32),
    used_in  integer not null,
    taken    boolean not null,
    works    bytea not null,
    primary key (contract, job, scope, close, used_in, taken)
);
comment on table settlement.billed_part is 'works one close billed, or took back, as a Roaring bitmap of ordinals; used_in: the close of their first use, or for what was taken back the close that had billed it';

create table settlement.funding (
    reference text collate "C" primary key,
    contract  text collate "C" not null,
    currency  text collate "C" not null,
    amount    bigint not null check (amount > 0),
    position  bigint not null unique
);
