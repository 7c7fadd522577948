-- Money as whole micros without a fixed width. numeric with scale 0 by a check: a bound also refuses NaN, which is greater
-- than every number, and numeric(38,0) would round 1.5 in silence. One amount is at most 10^24 units (1e30 micros), a
-- balance a thousand of them. Existing rows keep their values.
drop trigger opened_empty on ledger.account; -- its condition names the columns
alter table ledger.account
  drop constraint account_debits_check,
  drop constraint account_credits_check,
  alter column debits type numeric,
  alter column credits type numeric,
  add constraint account_debits_check check (debits between 0 and 1e33 and scale(debits) = 0),
  add constraint account_credits_check check (credits between 0 and 1e33 and scale(credits) = 0);

create trigger opened_empty before insert on ledger.account
  for each row when (new.debits <> 0 or new.credits <> 0) execute function ledger.refuse();

alter table ledger.transfer
  drop constraint transfer_amount_check,
  alter column amount type numeric,
  add constraint transfer_amount_check check (amount between 1 and 1e30 and scale(amount) = 0);

create or replace function ledger.move_balances() returns trigger
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
    select debit_account as account, currency, amount as debit, 0::numeric as credit from added
    union all
    select credit_account, currency, 0, amount from added
  ), sums as (
    select account, currency, sum(debit) as debit, sum(credit) as credit
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

alter table settlement.statement
  alter column total type numeric,
  add constraint statement_total_check check (total between -1e33 and 1e33 and scale(total) = 0);
alter table settlement.invoice
  alter column total type numeric,
  add constraint invoice_total_check check (total between -1e33 and 1e33 and scale(total) = 0);
alter table settlement.earned
  alter column posted type numeric,
  add constraint earned_posted_check check (posted between 0 and 1e33 and scale(posted) = 0);
alter table settlement.owed
  alter column charged type numeric,
  alter column fee_posted type numeric,
  add constraint owed_charged_check check (charged between 0 and 1e33 and scale(charged) = 0),
  add constraint owed_fee_posted_check check (fee_posted between 0 and 1e33 and scale(fee_posted) = 0);
alter table settlement.funding
  drop constraint funding_amount_check,
  alter column amount type numeric,
  add constraint funding_amount_check check (amount between 1 and 1e30 and scale(amount) = 0);
alter table payout.instruction
  drop constraint instruction_minimum_micros_check,
  alter column minimum_micros type numeric,
  add constraint instruction_minimum_micros_check check (minimum_micros between 1 and 1e30 and scale(minimum_micros) = 0);
