-- Works, and the datasets made of them. Everything here is made from the log again by a rebuild.
create schema catalog;

-- A work of one creator as one manifest describes it. The same content may have several.
create table catalog.work (
    manifest_id text collate "C" primary key check (manifest_id ~ '^mf-[0-9a-f]{40}$'),
    content_id  bytea not null check (octet_length(content_id) = 32),
    creator     text collate "C" not null,
    bytes       bigint not null check (bytes >= 0),
    media_type  text not null,
    license_uri text not null,
    path        text not null,
    position    bigint not null
);
create index work_by_content on catalog.work (content_id, creator, position);

-- A version is known by the log position of its entry inside this schema, by its root everywhere else.
create table catalog.version (
    position    bigint primary key,
    root        bytea not null unique check (octet_length(root) = 32),
    dataset     text collate "C" not null,
    curator     text collate "C" not null,
    title       text not null,
    description text not null,
    members     integer not null check (members > 0),
    bytes       bigint not null check (bytes >= 0),
    creators    integer not null check (creators > 0),
    published   timestamptz not null
);
create index version_by_dataset on catalog.version (dataset, position desc);

create table catalog.member (
    version     bigint not null,
    ordinal     integer not null check (ordinal >= 0),
    manifest_id text collate "C" not null,
    primary key (version, ordinal)
);
create index member_by_manifest on catalog.member (manifest_id);

-- One creator's works are one run of ordinals: from_ordinal inclusive, to_ordinal exclusive.
create table catalog.creator_range (
    version      bigint not null,
    creator      text collate "C" not null,
    from_ordinal integer not null,
    to_ordinal   integer not null check (to_ordinal > from_ordinal),
    primary key (version, creator)
);

-- What the marketplace shows and filters: each dataset as its newest version has it. Arrays are distinct and sorted.
create table catalog.dataset (
    id          text collate "C" primary key,
    curator     text collate "C" not null,
    created     bigint not null,
    newest      bigint not null,
    licenses    text[] not null,
    media_types text[] not null,
    title       text not null,
    description text not null,
    words       tsvector not null generated always as (
        setweight(to_tsvector('english', title), 'A')
        || setweight(to_tsvector('english', translate(id, ':._-', '    ')), 'B')
        || setweight(to_tsvector('english', description), 'C')) stored
);
-- The youngest dataset first is the one order: it never changes, so a cursor stays good while versions are published.
create unique index dataset_created on catalog.dataset (created desc);
create index dataset_words on catalog.dataset using gin (words) with (fastupdate = off);
create index dataset_licenses on catalog.dataset using gin (licenses) with (fastupdate = off);
create index dataset_media_types on catalog.dataset using gin (media_types) with (fastupdate = off);
create index dataset_curator on catalog.dataset (curator, created desc);

-- Which datasets a creator is in, as their newest versions have it; in the order of the listing.
create table catalog.dataset_creator (
    creator text collate "C" not null,
    created bigint not null,
    primary key (creator, created)
);
create index dataset_creator_created on catalog.dataset_creator (created);
