-- The words that a person could be known by. The log holds a salted hash of each; the words lie here, so that they can be erased.
create table log.personal_words (
    commitment bytea primary key check (octet_length(commitment) = 32),
    salt       text not null,
    words      text not null,
    owner      text collate "C" not null,
    created    timestamptz not null,
    position   bigint,
    member     text collate "C",
    check ((position is null) = (member is null))
);
create unique index personal_words_place on log.personal_words (position, member);
create index personal_words_owner on log.personal_words (owner, position);
comment on table log.personal_words is 'personal: kept by a rebuild, removed by an erasure';
comment on column log.personal_words.owner is 'the party whose words they are';
comment on column log.personal_words.position is 'log position of the entry that commits to them; null until it stands';
comment on column log.personal_words.member is 'of the entry''s body, which holds the commitment';

-- The words at a place of the log, or what stands in clear where an entry holds no commitment or its words are erased.
create function log.words(at bigint, named text, clear text) returns text language sql stable
    return coalesce((select w.words from log.personal_words w where w.position = at and w.member = named), clear);

-- A work's path may name a person, so a version commits to it under a salt; null for works of before, or without a path.
alter table catalog.work add column path_commitment bytea check (octet_length(path_commitment) = 32);

-- Where the reason stands for which a negotiation was broken off.
alter table contract.negotiation add column ended bigint;
comment on column contract.negotiation.ended is 'log position of the entry that broke it off';

-- Whose words a manifest's are, so that what recognises an upload goes with them.
alter table ingest.manifest add column creator text collate "C";
update ingest.manifest set creator = convert_from(document, 'UTF8')::json ->> 'creator_id';
alter table ingest.manifest alter column creator set not null;
create index manifest_creator on ingest.manifest (creator, position);
comment on column ingest.manifest.document is 'without the words that the log commits to, which lie in log.personal_words';
comment on column ingest.manifest.request is 'SHA-256 of an unsigned manifest as it was sent; recognises the repetition of an upload; null where it is signed or erased';
