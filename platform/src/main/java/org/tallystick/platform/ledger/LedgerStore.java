package org.tallystick.platform.ledger;

import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.tallystick.platform.db.Numerics;
import org.tallystick.platform.db.SqlArrays;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.protocol.codec.Hash;

/** The ledger's SQL. Inserts and selects only: balances move by themselves, see {@code V010__ledger.sql}. */
final class LedgerStore {
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String SAVEPOINT = "ledger_post";
    private static final int RACES = 5;

    /** Where an account's listing goes on: after this leg of this group. */
    record Cursor(long groupNumber, int leg) {
        static final Cursor START = new Cursor(0, -1);
    }

    /** An entry and where it stands in its account's listing. */
    record ListedEntry(Cursor position, Entry entry) {}

    /**
     * Runs a step that inserts ids, again from the start when one of them turns out to be taken; what the failed attempt
     * did is undone and the rest of the transaction kept.
     *
     * @param step is given the number of the attempt, from 1
     */
    <T> T again(Handle handle, IntFunction<T> step) {
        for (int race = 1; ; race++) {
            handle.savepoint(SAVEPOINT);
            try {
                T result = step.apply(race);
                handle.releaseSavepoint(SAVEPOINT);
                return result;
            } catch (JdbiException e) {
                if (race == RACES || !isUniqueViolation(e)) {
                    throw e;
                }
                handle.rollbackToSavepoint(SAVEPOINT);
            }
        }
    }

    private static boolean isUniqueViolation(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && UNIQUE_VIOLATION.equals(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    /** @return whether it was new */
    boolean insertAccount(Handle handle, AccountSpec spec) {
        return handle.createUpdate("""
            insert into ledger.account (name, currency, may_go_negative) values (:name, :currency, :negative)
            on conflict (name) do nothing\
            """)
                        .bind("name", spec.name())
                        .bind("currency", spec.currency().code())
                        .bind("negative", spec.kind() == AccountKind.MAY_GO_NEGATIVE)
                        .execute()
                == 1;
    }

    /** Opens those accounts that are not open yet. */
    void insertAccounts(Handle handle, List<AccountSpec> specs) {
        handle.createUpdate("""
            insert into ledger.account (name, currency, may_go_negative)
            select name, currency, negative = 't' from unnest(:names, :currencies, :negatives)
              as a (name, currency, negative)
            on conflict (name) do nothing\
            """)
                .bind(
                        "names",
                        SqlArrays.text(specs.stream().map(AccountSpec::name).toList()))
                .bind(
                        "currencies",
                        SqlArrays.text(specs.stream()
                                .map(spec -> spec.currency().code())
                                .toList()))
                .bind(
                        "negatives",
                        SqlArrays.text(specs.stream()
                                .map(spec -> spec.kind() == AccountKind.MAY_GO_NEGATIVE ? "t" : "f")
                                .toList()))
                .execute();
    }

    /** Those of some accounts that are open, by name. */
    Map<String, Account> accounts(Handle handle, Collection<String> names) {
        Map<String, Account> found = HashMap.newHashMap(names.size());
        handle.createQuery("""
            select name, currency, may_go_negative, debits, credits from ledger.account
            where name = any(:names)\
            """)
                .bind("names", SqlArrays.text(names))
                .map((rs, context) -> toAccount(rs))
                .forEach(account -> found.put(account.name(), account));
        return found;
    }

    Optional<Account> account(Handle handle, String name) {
        return handle.createQuery("""
            select name, currency, may_go_negative, debits, credits from ledger.account
            where name = :name\
            """)
                .bind("name", name)
                .map((rs, context) -> toAccount(rs))
                .findOne();
    }

    /** Accounts whose name starts with a text, in order of name, after a given one. */
    List<Account> accounts(Handle handle, String prefix, String after, int limit) {
        return handle.createQuery("""
            select name, currency, may_go_negative, debits, credits from ledger.account
            where starts_with(name, :prefix) and name > :after order by name limit :limit\
            """)
                .bind("prefix", prefix)
                .bind("after", after)
                .bind("limit", limit)
                .map((rs, context) -> toAccount(rs))
                .list();
    }

    /** Locks accounts until the transaction ends, always in the same order, so that two posters cannot block each other. */
    Map<String, PostingRules.Standing> lock(Handle handle, Collection<String> names) {
        Map<String, PostingRules.Standing> accounts = HashMap.newHashMap(names.size());
        handle.createQuery("""
            select id, name, currency, may_go_negative, debits, credits from ledger.account
            where name = any(:names) order by id for no key update\
            """)
                .bind("names", SqlArrays.text(names))
                .map((rs, context) -> accounts.put(
                        rs.getString("name"),
                        new PostingRules.Standing(
                                rs.getInt("id"),
                                rs.getString("name"),
                                rs.getString("currency"),
                                rs.getBoolean("may_go_negative"),
                                Numerics.whole(rs, "debits"),
                                Numerics.whole(rs, "credits"))))
                .forEach(ignored -> {});
        return accounts;
    }

    /** Content digests of the groups that have been posted. */
    Map<Hash, Hash> digests(Handle handle, List<Hash> groupIds) {
        Map<Hash, Hash> digests = new HashMap<>();
        handle.createQuery("select id, digest from ledger.posting_group where id = any(:ids)")
                .bind("ids", SqlArrays.bytea(bytes(groupIds)))
                .map((rs, context) -> digests.put(Hash.of(rs.getBytes(1)), Hash.of(rs.getBytes(2))))
                .forEach(ignored -> {});
        return digests;
    }

    /** Which of these transfers have been posted. */
    Set<Hash> taken(Handle handle, List<Hash> transferIds) {
        return new HashSet<>(handle.createQuery("select id from ledger.transfer where id = any(:ids)")
                .bind("ids", SqlArrays.bytea(bytes(transferIds)))
                .map((rs, context) -> Hash.of(rs.getBytes(1)))
                .list());
    }

    void insert(Handle handle, List<PostingRules.Write> writes, Map<String, PostingRules.Standing> accounts) {
        insertTransfers(handle, writes, insertGroups(handle, writes), accounts);
    }

    /** @return the groups' numbers, in their order */
    private static long[] insertGroups(Handle handle, List<PostingRules.Write> writes) {
        byte[][] ids = new byte[writes.size()][];
        byte[][] digests = new byte[writes.size()][];
        List<String> times = new ArrayList<>(writes.size());
        List<String> descriptions = new ArrayList<>(writes.size());
        List<String> references = new ArrayList<>(writes.size());
        for (int i = 0; i < ids.length; i++) {
            PostingRules.Write write = writes.get(i);
            ids[i] = write.group().id().toBytes();
            digests[i] = write.digest().toBytes();
            times.add(write.group().at().toString());
            descriptions.add(write.group().description());
            references.add(write.group().reference());
        }
        Map<Hash, Long> numbers = HashMap.newHashMap(ids.length);
        handle.createQuery("""
            insert into ledger.posting_group (id, digest, posted_at, description, reference)
            select id, digest, posted_at::timestamptz, description, reference
            from unnest(:ids, :digests, :times, :descriptions, :references) with ordinality
              as g (id, digest, posted_at, description, reference, position)
            order by position
            returning id, number\
            """)
                .bind("ids", SqlArrays.bytea(ids))
                .bind("digests", SqlArrays.bytea(digests))
                .bind("times", SqlArrays.text(times))
                .bind("descriptions", SqlArrays.text(descriptions))
                .bind("references", SqlArrays.text(references))
                .map((rs, context) -> numbers.put(Hash.of(rs.getBytes(1)), rs.getLong(2)))
                .forEach(ignored -> {});
        return writes.stream()
                .mapToLong(w -> numbers.getOrDefault(w.group().id(), -1L))
                .toArray();
    }

    private static void insertTransfers(
            Handle handle,
            List<PostingRules.Write> writes,
            long[] numbers,
            Map<String, PostingRules.Standing> accounts) {
        int count = writes.stream().mapToInt(w -> w.group().transfers().size()).sum();
        long[] groups = new long[count];
        int[] legs = new int[count];
        byte[][] ids = new byte[count][];
        int[] debits = new int[count];
        int[] credits = new int[count];
        List<BigInteger> amounts = new ArrayList<>(count);
        List<String> currencies = new ArrayList<>(count);
        List<String> descriptions = new ArrayList<>(count);
        List<String> references = new ArrayList<>(count);
        int row = 0;
        for (int i = 0; i < numbers.length; i++) {
            int leg = 0;
            for (Transfer transfer : writes.get(i).group().transfers()) {
                groups[row] = numbers[i];
                legs[row] = leg++;
                ids[row] = transfer.id().toBytes();
                debits[row] = known(accounts, transfer.debit()).id;
                credits[row] = known(accounts, transfer.credit()).id;
                amounts.add(transfer.amount().micros());
                currencies.add(transfer.amount().currency().code());
                descriptions.add(transfer.description());
                references.add(transfer.reference());
                row++;
            }
        }
        handle.createUpdate("""
            insert into ledger.transfer (group_number, leg, id, debit_account, credit_account, amount,
              currency, description, reference)
            select * from unnest(:groups, :legs, :ids, :debits, :credits, :amounts,
              :currencies, :descriptions, :references)\
            """)
                .bind("groups", SqlArrays.bigint(groups))
                .bind("legs", SqlArrays.integer(legs))
                .bind("ids", SqlArrays.bytea(ids))
                .bind("debits", SqlArrays.integer(debits))
                .bind("credits", SqlArrays.integer(credits))
                .bind("amounts", SqlArrays.numeric(amounts))
                .bind("currencies", SqlArrays.text(currencies))
                .bind("descriptions", SqlArrays.text(descriptions))
                .bind("references", SqlArrays.text(references))
                .execute();
    }

    private static PostingRules.Standing known(Map<String, PostingRules.Standing> accounts, String name) {
        PostingRules.Standing standing = accounts.get(name);
        if (standing == null) {
            throw new IllegalStateException("accepted a transfer on an account that does not exist: " + name);
        }
        return standing;
    }

    Optional<PostedTransfer> transfer(Handle handle, Hash id) {
        return handle.createQuery(TRANSFERS + " where t.id = :id")
                .bind("id", id.toBytes())
                .map((rs, context) ->
                        new PostedTransfer(hash(rs, "group_id"), instant(rs, "posted_at"), toTransfer(rs)))
                .findOne();
    }

    /** Which of some transfers there are. */
    List<Hash> known(Handle handle, Collection<Hash> ids) {
        byte[][] all = ids.stream().map(Hash::toBytes).toArray(byte[][]::new);
        return handle.createQuery("select id from ledger.transfer where id = any(:ids)")
                .bind("ids", SqlArrays.bytea(all))
                .mapTo(byte[].class)
                .map(Hash::of)
                .list();
    }

    Optional<PostingGroup> group(Handle handle, Hash id) {
        List<Transfer> transfers = new ArrayList<>();
        List<GroupHead> heads = handle.createQuery(TRANSFERS + " where g.id = :id order by t.leg")
                .bind("id", id.toBytes())
                .map((rs, context) -> {
                    transfers.add(toTransfer(rs));
                    return new GroupHead(
                            instant(rs, "posted_at"),
                            rs.getString("group_description"),
                            rs.getString("group_reference"));
                })
                .list();
        return heads.stream()
                .findFirst()
                .map(head -> new PostingGroup(id, head.at, head.description, head.reference, transfers));
    }

    long groups(Handle handle) {
        return handle.createQuery("select count(*) from ledger.posting_group")
                .mapTo(Long.class)
                .one();
    }

    private record GroupHead(Instant at, String description, String reference) {}

    private static final String TRANSFERS = """
        select t.id, d.name as debit, c.name as credit, t.currency, t.amount, t.description, t.reference,
          g.id as group_id, g.posted_at, g.description as group_description, g.reference as group_reference
        from ledger.transfer t
        join ledger.posting_group g on g.number = t.group_number
        join ledger.account d on d.id = t.debit_account
        join ledger.account c on c.id = t.credit_account\
        """;

    /** An account's entries in the order they were posted; one ordered walk of each of its two indexes. */
    List<ListedEntry> entries(Handle handle, String account, Cursor after, int limit) {
        return handle.createQuery("""
            with mine as (select id from ledger.account where name = :account),
            page as (
              (select group_number, leg, id, credit_account as other, -amount as change, currency,
                 description, reference
               from ledger.transfer where debit_account = (select id from mine)
                 and (group_number, leg) > (:group, :leg) order by group_number, leg limit :limit)
              union all
              (select group_number, leg, id, debit_account, amount, currency, description, reference
               from ledger.transfer where credit_account = (select id from mine)
                 and (group_number, leg) > (:group, :leg) order by group_number, leg limit :limit)
              order by group_number, leg limit :limit)
            select p.*, o.name as counterparty, g.id as group_id, g.posted_at
            from page p
            join ledger.account o on o.id = p.other
            join ledger.posting_group g on g.number = p.group_number
            order by p.group_number, p.leg\
            """)
                .bind("account", account)
                .bind("group", after.groupNumber())
                .bind("leg", after.leg())
                .bind("limit", limit)
                .map((rs, context) -> new ListedEntry(
                        new Cursor(rs.getLong("group_number"), rs.getInt("leg")),
                        new Entry(
                                hash(rs, "id"),
                                hash(rs, "group_id"),
                                instant(rs, "posted_at"),
                                rs.getString("counterparty"),
                                Money.ofMicros(Currency.of(rs.getString("currency")), Numerics.whole(rs, "change")),
                                rs.getString("description"),
                                rs.getString("reference"))))
                .list();
    }

    List<TrialBalance> trialBalance(Handle handle) {
        return handle.createQuery("""
            select currency, count(*) as accounts, sum(debits) as debits, sum(credits) as credits,
              sum(greatest(credits - debits, 0)) as held
            from ledger.account group by currency order by currency\
            """)
                .map((rs, context) -> new TrialBalance(
                        Currency.of(rs.getString("currency")),
                        rs.getLong("accounts"),
                        rs.getBigDecimal("debits").toBigIntegerExact(),
                        rs.getBigDecimal("credits").toBigIntegerExact(),
                        rs.getBigDecimal("held").toBigIntegerExact()))
                .list();
    }

    private static Account toAccount(ResultSet rs) throws SQLException {
        Currency currency = Currency.of(rs.getString("currency"));
        return new Account(
                rs.getString("name"),
                currency,
                rs.getBoolean("may_go_negative") ? AccountKind.MAY_GO_NEGATIVE : AccountKind.NEVER_NEGATIVE,
                Money.ofMicros(currency, Numerics.whole(rs, "debits")),
                Money.ofMicros(currency, Numerics.whole(rs, "credits")));
    }

    private static Transfer toTransfer(ResultSet rs) throws SQLException {
        return new Transfer(
                hash(rs, "id"),
                rs.getString("debit"),
                rs.getString("credit"),
                Money.ofMicros(Currency.of(rs.getString("currency")), Numerics.whole(rs, "amount")),
                rs.getString("description"),
                rs.getString("reference"));
    }

    static Hash hash(ResultSet rs, String column) throws SQLException {
        return Hash.of(rs.getBytes(column));
    }

    static Instant instant(ResultSet rs, String column) throws SQLException {
        return rs.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static byte[][] bytes(List<Hash> hashes) {
        byte[][] bytes = new byte[hashes.size()][];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = hashes.get(i).toBytes();
        }
        return bytes;
    }

    /** Empties the tables for a rebuild from the log; the only way past the triggers, and in need of their owner. */
    void empty(Handle handle) {
        for (String table : List.of("transfer", "posting_group", "account")) {
            handle.execute("alter table ledger." + table + " disable trigger immutable");
        }
        handle.execute("truncate ledger.transfer, ledger.posting_group, ledger.account restart identity");
        for (String table : List.of("transfer", "posting_group", "account")) {
            handle.execute("alter table ledger." + table + " enable trigger immutable");
        }
    }
}
