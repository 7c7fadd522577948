-- API keys have names, ends and the signed request by which their party asked for them. All may be missing: a key of an
-- earlier release was issued by the operator, and a backup of one knows none of these.
alter table party.personal_key
    add column name      text check (length(name) between 1 and 64),
    add column expires   timestamptz,
    add column last_used timestamptz,
    add column revoked   timestamptz,
    add column request   text,
    add column body      bytea,
    add check ((request is null) = (body is null));

-- Signed requests that were taken, so that each is taken once. Not a projection of the log: a rebuild leaves it alone, and
-- a row is gone an hour after its request could have been used.
create table party.used_request (
    party text collate "C" not null,
    nonce text collate "C" not null,
    until timestamptz not null,
    primary key (party, nonce)
);
create index used_request_by_end on party.used_request (until);
