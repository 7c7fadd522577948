package org.tallystick.platform.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.tallystick.platform.db.Numerics;

/** The SQL of the ledger's fsck: recomputes from the transfers what is stored about them. Reads only. */
final class LedgerCheckStore {
    private static final HexFormat HEX = HexFormat.of();

    List<Difference> check(Handle handle) {
        List<Difference> differences = new ArrayList<>();
        differences.addAll(sums(handle));
        differences.addAll(transfers(handle));
        differences.addAll(digests(handle));
        return differences;
    }

    private static List<Difference> sums(Handle handle) {
        List<Difference> differences = new ArrayList<>();
        handle.createQuery("""
                        with sums as (
                          select account, sum(debit) as debits, sum(credit) as credits from (
                            select debit_account as account, amount as debit, 0 as credit from ledger.transfer
                            union all select credit_account, 0, amount from ledger.transfer) legs
                          group by account)
                        select a.name, a.may_go_negative, a.debits, a.credits,
                          coalesce(s.debits, 0) as true_debits, coalesce(s.credits, 0) as true_credits
                        from ledger.account a left join sums s on s.account = a.id
                        where a.debits <> coalesce(s.debits, 0) or a.credits <> coalesce(s.credits, 0)
                          or (not a.may_go_negative and coalesce(s.credits, 0) < coalesce(s.debits, 0))
                        order by a.name""")
                .map((rs, context) -> differences.addAll(account(rs)))
                .forEach(ignored -> {});
        return differences;
    }

    private static List<Difference> account(ResultSet rs) throws SQLException {
        List<Difference> found = new ArrayList<>();
        String name = rs.getString("name");
        for (String side : List.of("debits", "credits")) {
            String expected = rs.getString("true_" + side);
            String stored = rs.getString(side);
            if (!expected.equals(stored)) {
                found.add(new Difference(side, name, expected, stored));
            }
        }
        if (!rs.getBoolean("may_go_negative")
                && rs.getBigDecimal("true_credits").compareTo(rs.getBigDecimal("true_debits")) < 0) {
            found.add(new Difference(
                    "negative",
                    name,
                    "not below 0",
                    rs.getBigDecimal("true_credits")
                            .subtract(rs.getBigDecimal("true_debits"))
                            .toString()));
        }
        return found;
    }

    private static List<Difference> transfers(Handle handle) {
        return handle.createQuery("""
                        select encode(t.id, 'hex') as id, t.currency, d.currency as debit, c.currency as credit,
                          g.number is null as groupless
                        from ledger.transfer t
                        left join ledger.account d on d.id = t.debit_account
                        left join ledger.account c on c.id = t.credit_account
                        left join ledger.posting_group g on g.number = t.group_number
                        where g.number is null
                          or d.currency is distinct from t.currency or c.currency is distinct from t.currency
                        order by t.group_number, t.leg""").map((rs, context) -> transfer(rs)).list();
    }

    private static Difference transfer(ResultSet rs) throws SQLException {
        String id = rs.getString("id");
        if (rs.getBoolean("groupless")) {
            return new Difference("unknown-group", id, "a posting group", "none");
        }
        String debit = rs.getString("debit");
        String credit = rs.getString("credit");
        if (debit == null || credit == null) {
            return new Difference("unknown-account", id, "two accounts", "fewer");
        }
        return new Difference("currency", id, rs.getString("currency"), debit + " and " + credit);
    }

    /** One ordered walk over all groups with their transfers. */
    private static List<Difference> digests(Handle handle) {
        List<Difference> differences = new ArrayList<>();
        Walk walk = new Walk(differences);
        handle.createQuery("""
                        select g.number, g.id as group_id, g.digest, g.posted_at, g.description as group_description,
                          g.reference as group_reference, t.id, coalesce(d.name, '') as debit,
                          coalesce(c.name, '') as credit, t.currency, t.amount, t.description, t.reference
                        from ledger.posting_group g
                        left join ledger.transfer t on t.group_number = g.number
                        left join ledger.account d on d.id = t.debit_account
                        left join ledger.account c on c.id = t.credit_account
                        order by g.number, t.leg""")
                .setFetchSize(10_000)
                .map((rs, context) -> walk.row(rs))
                .forEach(ignored -> {});
        walk.finishGroup();
        return differences;
    }

    private static final class Walk {
        private final List<Difference> differences;
        private long number = -1;
        private byte[] groupId = {};
        private byte[] stored = {};
        private @Nullable GroupDigest digest;

        Walk(List<Difference> differences) {
            this.differences = differences;
        }

        boolean row(ResultSet rs) throws SQLException {
            if (rs.getLong("number") != number) {
                finishGroup();
                number = rs.getLong("number");
                groupId = rs.getBytes("group_id");
                stored = rs.getBytes("digest");
                digest = new GroupDigest(
                        groupId,
                        LedgerStore.instant(rs, "posted_at"),
                        rs.getString("group_description"),
                        rs.getString("group_reference"));
            }
            byte[] id = rs.getBytes("id");
            if (id != null) { // a group whose transfers are gone still has one row
                Optional.ofNullable(digest)
                        .orElseThrow()
                        .transfer(
                                id,
                                rs.getString("debit"),
                                rs.getString("credit"),
                                rs.getString("currency"),
                                Numerics.whole(rs, "amount"),
                                rs.getString("description"),
                                rs.getString("reference"));
            }
            return true;
        }

        void finishGroup() {
            GroupDigest finished = digest;
            if (finished != null) {
                byte[] expected = finished.finish().toBytes();
                if (!Arrays.equals(expected, stored)) {
                    differences.add(new Difference(
                            "digest", HEX.formatHex(groupId), HEX.formatHex(expected), HEX.formatHex(stored)));
                }
                digest = null;
            }
        }
    }
}
