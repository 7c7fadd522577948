-- Indexes for what is asked of large tables: each listing in its own order, each question answered without reading on.
create index contract_by_version on contract.contract (dataset_version);
create index statement_listing on settlement.statement (close desc, id);
create index statement_listing_by_party on settlement.statement (party, close desc, id);
create index invoice_listing on settlement.invoice (close desc, id);
create index invoice_listing_by_buyer on settlement.invoice (buyer, close desc, id);
create index invoice_listing_by_contract on settlement.invoice (contract, close desc, id);
drop index settlement.invoice_by_contract;
drop index settlement.invoice_by_buyer;

-- Keys are forgotten a day after they were first seen; a party has a limit of how many it keeps meanwhile.
create index idempotency_by_begun on api.idempotency (begun);
create index idempotency_by_party on api.idempotency (party);

-- Edges ask for what was revoked and would still be good: the tokens not yet expired, however many there ever were.
create index token_by_expires on delivery.token (expires);
