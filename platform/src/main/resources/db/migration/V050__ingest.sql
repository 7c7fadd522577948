-- Manifests as documents, with the receipts given for them. Everything here is made from the log again by a rebuild.
create schema ingest;

create table ingest.manifest (
    id          text collate "C" primary key check (id ~ '^mf-[0-9a-f]{40}$'),
    -- SHA-256 of the manifest without the upload_ts that the platform set; null where the uploader set it. Recognises
    -- the repetition of an upload that could not name its own manifest.
    request     bytea unique check (octet_length(request) = 32),
    document    bytea not null,
    uploader    text collate "C" not null,
    bytes       bigint not null check (bytes >= 0),
    receipt     text not null,
    taken_in    timestamptz not null,
    position    bigint not null unique
);
