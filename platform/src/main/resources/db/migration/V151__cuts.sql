-- What cuts say of deliveries, beside what voids say of them; and the free bytes of works.
alter table metering.epoch add column kept bytea not null default '', add column waiting bytea not null default '';
comment on column metering.epoch.kept is
    'numbers of deliveries of which a cut says that more than free bytes were handed over; 64-bit Roaring, or nothing';
comment on column metering.epoch.waiting is
    'numbers still to come that a cut has spoken of, each with the most bytes said, eight bytes each';
alter table catalog.work add column free_ranges text;
comment on column catalog.work.free_ranges is 'as the manifest has them; null where no byte is free';
