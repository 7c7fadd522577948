-- Negotiations: every offer and every signature under it, in order. A projection of the log.
create table contract.negotiation (
    id       text collate "C" primary key,
    contract text collate "C" not null unique,
    buyer    text collate "C" not null,
    curator  text collate "C" not null,
    state    text not null check (state in
        ('REQUESTED', 'OFFERED', 'ACCEPTED', 'AGREED', 'VERIFIED', 'FINALIZED', 'TERMINATED')),
    version  integer not null check (version > 0),
    reason   text not null
);
comment on column contract.negotiation.reason is 'why it was terminated; empty otherwise';

create table contract.offer (
    negotiation text collate "C" not null references contract.negotiation,
    version     integer not null,
    position    bigint not null unique,
    party       text collate "C" not null,
    made        timestamptz not null,
    expires     timestamptz,
    message     text not null,
    document    text not null,
    primary key (negotiation, version)
);
comment on column contract.offer.document is 'canonical JSON, without signatures';

create table contract.offer_signature (
    negotiation text collate "C" not null,
    version     integer not null,
    party       text collate "C" not null,
    position    bigint not null,
    signature   text not null,
    primary key (negotiation, version, party),
    foreign key (negotiation, version) references contract.offer
);
