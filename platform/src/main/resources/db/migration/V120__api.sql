-- Commands remembered under an Idempotency-Key. Not a projection: the log knows nothing of HTTP, so a rebuild leaves
-- this table alone. A row without an answer is a command that was refused or broke off.
create schema api;

create table api.idempotency (
    name        bytea       primary key check (octet_length(name) = 32),
    party       text        not null,
    fingerprint bytea       not null check (octet_length(fingerprint) = 32),
    begun       timestamptz not null,
    status      integer     check (status between 200 and 299),
    media_type  text,
    location    text,
    body        bytea,
    check ((body is null) = (status is null) and (body is null) = (media_type is null))
);

comment on column api.idempotency.name is 'SHA-256 over party and key; the key itself is not kept';
comment on column api.idempotency.body is 'as answered; sealed with the caller''s API key where it holds a secret';
