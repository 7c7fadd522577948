-- What the door has seen, and what was done with keys; not a projection of the log. Bounded: what is alike within an hour is
-- one row, and each kind keeps its newest rows only.
create table party.security_event (
    id       bigint generated always as identity primary key,
    kind     text not null,
    party    text collate "C" not null,
    about    text not null,
    address  text not null,
    hour     timestamptz not null,
    times    bigint not null check (times > 0),
    first_at timestamptz not null,
    last_at  timestamptz not null,
    unique (kind, party, about, address, hour)
);
create index security_event_by_kind on party.security_event (kind, id);
comment on table party.security_event is 'holds addresses: kept by a rebuild, not part of a backup';
