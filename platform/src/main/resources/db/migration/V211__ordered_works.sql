-- What the orders of a job and scope name together, so that each table of commitments is read once. Follows from the orders:
-- a row that is missing, or behind, is made again when the next order comes, so a rebuild leaves the table as it is.
create table delivery.ordered_works (
    job     text collate "C" not null,
    scope   text collate "C" not null,
    through integer not null check (through >= 0),
    works   bytea not null,
    primary key (job, scope)
);
comment on column delivery.ordered_works.through is 'number of the last order of the contract that was looked at';
comment on column delivery.ordered_works.works is 'ordinals of the dataset version, a Roaring bitmap in its portable format';
