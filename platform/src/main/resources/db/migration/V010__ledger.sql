-- The ledger. Java only ever inserts: balances are moved by a trigger on the inserted transfers, so that no code path,
-- and no hand on a SQL prompt short of switching triggers off, can move money on one side only.
create schema ledger;

create table ledger.account (
  id integer generated always as identity primary key,
  name text collate "C" not null unique check (length(name) between 1 and 200),
  currency text collate "C" not null check (length(currency) = 3), -- checked at every update: no pattern here
  may_go_negative boolean not null,
  -- Sums in micros over all transfers; the balance is credits less debits.
  debits bigint not null default 0 check (debits >= 0),
  credits bigint not null default 0 check (credits >= 0),
  constraint never_negative check (may_go_negative or credits >= debits)
) with (fillfactor = 70); -- a hot account is updated in place

create table ledger.posting_group (
  number bigint generated always as identity primary key,
  id bytea not null unique check (octet_length(id) = 32),
  digest bytea not null check (octet_length(digest) = 32), -- over the whole content, transfers included
  posted_at timestamptz not null,
  description text not null,
  reference text not null
);

-- Both legs are one row, so an unbalanced posting cannot be written down. The accounts and the group are not foreign
-- keys because those check row by row: the trigger below checks them for the statement as a whole.
create table ledger.transfer (
  group_number bigint not null,
  leg integer not null check (leg >= 0),
  id bytea not null unique check (octet_length(id) = 32),
  debit_account integer not null,
  credit_account integer not null,
  currency text collate "C" not null,
  amount bigint not null check (amount > 0), -- micros
  description text not null,
  reference text not null,
  primary key (group_number, leg),
  constraint two_accounts check (debit_account <> credit_account)
);

create index transfer_by_debit on ledger.transfer (debit_account, group_number, leg);
create index transfer_by_credit on ledger.transfer (credit_account, group_number, leg);

create function ledger.move_balances() returns trigger
  language plpgsql set search_path = '' as
$$
declare
  touched bigint;
  moved bigint;
begin
  if exists (select from (select distinct group_number from added) a
             where not exists (select from ledger.posting_group g where g.number = a.group_number)) then
    raise exception 'a transfer without its posting group' using errcode = 'foreign_key_violation';
  end if;
  with legs as (
    select debit_account as account, currency, amount as debit, 0::bigint as credit from added
    union all
    select credit_account, currency, 0, amount from added
  ), sums as (
    select account, currency, sum(debit)::bigint as debit, sum(credit)::bigint as credit
    from legs group by account, currency
  ), moves as (
    update ledger.account a set debits = a.debits + s.debit, credits = a.credits + s.credit
    from sums s where a.id = s.account and a.currency = s.currency
    returning 1
  )
  select (select count(*) from sums), (select count(*) from moves) into touched, moved;
  if touched <> moved then
    raise exception 'a transfer names an account that does not exist or has another currency'
      using errcode = 'foreign_key_violation';
  end if;
  return null;
end
$$;

create trigger move_balances after insert on ledger.transfer
  referencing new table as added for each statement execute function ledger.move_balances();

create function ledger.refuse() returns trigger
  language plpgsql set search_path = '' as
$$
begin
  raise exception 'ledger.% only grows: % is refused', tg_table_name, tg_op using errcode = 'restrict_violation';
end
$$;

create trigger immutable before update or delete or truncate on ledger.transfer
  for each statement execute function ledger.refuse();
create trigger immutable before update or delete or truncate on ledger.posting_group
  for each statement execute function ledger.refuse();
create trigger immutable before delete or truncate on ledger.account
  for each statement execute function ledger.refuse();

-- Only the trigger above, itself at depth one, updates accounts; and they start from nothing.
create trigger only_by_transfer before update on ledger.account
  for each statement when (pg_trigger_depth() = 0) execute function ledger.refuse();
create trigger opened_empty before insert on ledger.account
  for each row when (new.debits <> 0 or new.credits <> 0) execute function ledger.refuse();
