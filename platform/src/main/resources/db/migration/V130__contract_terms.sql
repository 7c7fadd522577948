-- What follows from terms and from what parties declare: a projection of the log. A termination with notice also moves
-- contract.contract.ends forward, so that whoever asks how long a contract lives need not know why.
create table contract.exclusive (
    contract text collate "C" primary key references contract.contract,
    dataset  text collate "C" not null,
    begins   timestamptz not null,
    ends     timestamptz not null check (ends > begins),
    reverted timestamptz
);
create index exclusive_by_dataset on contract.exclusive (dataset, ends);
comment on column contract.exclusive.reverted is 'when exclusivity fell away before its time';

create table contract.notice (
    position  bigint primary key,
    contract  text collate "C" not null references contract.contract,
    kind      text not null check (kind in ('termination', 'breach', 'reversion')),
    given     timestamptz not null,
    party     text collate "C" not null,
    reason    text not null,
    effective timestamptz not null check (effective >= given)
);
create index notice_by_contract on contract.notice (contract, position);
comment on column contract.notice.effective is 'when it ends the contract, by when a breach must be mended, when exclusivity ended';
