-- Reads of a work's bytes at the platform itself, past every edge. Made from the log, where each stands before its first byte leaves.
create table catalog.work_read (
    position   bigint primary key,
    content_id bytea not null check (octet_length(content_id) = 32),
    reader     text collate "C" not null,
    first_byte bigint not null check (first_byte >= 0),
    bytes      bigint not null check (bytes >= 0),
    read_at    timestamptz not null
);
create index work_read_content on catalog.work_read (content_id, position desc);
