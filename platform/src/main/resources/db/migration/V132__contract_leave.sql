-- Who may sign for whom no longer, and who inside a buyer's organisation must say yes first. Projections of the log.
create table contract.mandate_revocation (
    creator  text collate "C" not null,
    mandate  text collate "C" not null,
    position bigint not null unique,
    revoked  timestamptz not null,
    primary key (creator, mandate)
);
comment on table contract.mandate_revocation is 'mandates are in the contracts signed under them; only their end is kept here';

create table contract.approver (
    negotiation text collate "C" not null references contract.negotiation,
    approver    text collate "C" not null,
    key         text not null,
    needed      integer not null check (needed > 0),
    position    bigint not null,
    primary key (negotiation, approver)
);
comment on column contract.approver.needed is 'how many of the negotiation''s approvers must have approved; the same in each of its rows';

create table contract.approval (
    negotiation text collate "C" not null,
    approver    text collate "C" not null,
    hash        bytea not null,
    position    bigint not null unique,
    approval    text not null,
    primary key (negotiation, hash, approver),
    foreign key (negotiation, approver) references contract.approver
);
comment on column contract.approval.hash is 'of the terms that were approved';
