-- Contracts that a close could not rate: everybody else is paid, an operator is told.
create table settlement.set_aside (
    close    integer not null references settlement.close,
    contract text collate "C" not null,
    reason   text not null,
    primary key (close, contract)
);
create index funding_by_contract on settlement.funding (contract);
