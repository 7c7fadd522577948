-- What a close commits to of a contract beside its invoice: works used and sums earned, as roots under salts. None in closes of
-- before the log's change of format.
alter table settlement.invoice add column node bytea check (octet_length(node) = 153);
