-- Escrow held for works that jobs may use, and what operators guarantee beyond escrow: both projected from the log.
create table settlement.reservation (
    job       text collate "C" not null,
    scope     smallint not null,
    contract  text collate "C" not null,
    works     bigint not null check (works >= 1),
    billed    bigint not null default 0,
    closed    bigint,
    closed_at timestamptz,
    primary key (job, scope)
);
create index reservation_by_contract on settlement.reservation (contract);
create index reservation_by_closed on settlement.reservation (closed) where closed is not null;
comment on column settlement.reservation.billed is 'works of the job and scope that closes have billed since, less those taken back';
comment on column settlement.reservation.closed is 'log position of the entry that closed the job';

create table settlement.credit (
    contract text collate "C" primary key,
    most     numeric not null check (most between 0 and 1e30 and scale(most) = 0),
    position bigint not null unique
);
comment on column settlement.credit.most is 'micros of the contract''s currency that an operator guarantees beyond escrow';
