-- What a revoked key has signed since: seen at the door, never in the log, so no projection of it. A rebuild keeps it. One row
-- for each certified epoch and reason at most, however much is sent.
create table delivery.refused (
    edge           integer not null,
    epoch          integer not null,
    reason         text collate "C" not null,
    first_sequence bigint not null,
    last_sequence  bigint not null,
    shipments      bigint not null check (shipments >= 1),
    first_at       timestamptz not null,
    last_at        timestamptz not null,
    header         bytea not null,
    primary key (edge, epoch, reason),
    check (first_sequence <= last_sequence)
);
comment on column delivery.refused.header is 'the last one refused, signed: shows that the key was used';
