package org.tallystick.platform.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.InstantSource;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.DatabaseConfig;
import org.tallystick.platform.db.EmptyDatabase;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;

/** A database as release 0.1.0 left it, money in 64 bits, becomes one of today's with the same balances, digests and sums. */
class LedgerWidthMigrationTest {
    private static final Ledger LEDGER = new Ledger();
    private static final Currency USD = Currency.of("USD");
    private static final long MOST = Long.MAX_VALUE - 1;

    @Test
    void balancesOfTheReleasedSchemaStandAndGoOnPast64Bits() throws Exception {
        EmptyDatabase empty = EmptyDatabase.create();
        Flyway.configure()
                .dataSource(empty.url(), empty.user(), empty.password())
                .locations("classpath:db/migration")
                .defaultSchema("migrations")
                .createSchemas(true)
                .target("141")
                .load()
                .migrate();
        DatabaseConfig config = new DatabaseConfig.External(empty.url(), empty.user(), empty.password());
        try (Database database = Database.open(config, InstantSource.system())) {
            PostingGroup old = LedgerScript.group("g1: t1 bank -> a 9223372036854.775806 USD");
            database.write(tx -> {
                fill(tx, old);
                return true;
            });
            assertThat(database.migrate()).isPositive();
            assertThat(database.read(LEDGER::check)).isEmpty();
            assertThat(balance(database)).isEqualTo(Money.ofMicros(USD, MOST));
            assertThat(database.read(tx -> LEDGER.group(tx, old.id())).orElseThrow())
                    .isEqualTo(old);
            assertThat(database.<PostOutcome>write(tx -> LEDGER.post(tx, old))).isEqualTo(new PostOutcome.Repeated());
            PostingGroup more = LedgerScript.group("g2: t2 bank -> a 1000000000000000000000000 USD");
            assertThat(database.<PostOutcome>write(tx -> LEDGER.post(tx, more))).isEqualTo(new PostOutcome.Posted());
            assertThat(balance(database)).isEqualTo(Money.parse("1000000000009223372036854.775806 USD"));
            assertThat(database.read(LEDGER::check)).isEmpty();
            List<String> others = database.read(tx -> tx.select("select total::text from settlement.statement"
                            + " union all select minimum_micros::text from payout.instruction")
                    .mapTo(String.class)
                    .list());
            assertThat(others).containsExactly(String.valueOf(-MOST), "25000000");
            refusesWhatIsNoWholeAmount(database);
        }
    }

    private static Money balance(Database database) {
        return database.read(tx -> LEDGER.balance(tx, "a")).orElseThrow();
    }

    private static void fill(Handle tx, PostingGroup group) {
        tx.execute("insert into ledger.account (name, currency, may_go_negative) values ('bank', 'USD', true)");
        tx.execute("insert into ledger.account (name, currency, may_go_negative) values ('a', 'USD', false)");
        tx.createUpdate("insert into ledger.posting_group (id, digest, posted_at, description, reference)"
                        + " values (:id, :digest, :at::timestamptz, :description, :reference)")
                .bind("id", group.id().toBytes())
                .bind("digest", GroupDigest.of(group).toBytes())
                .bind("at", group.at().toString())
                .bind("description", group.description())
                .bind("reference", group.reference())
                .execute();
        Transfer transfer = group.transfers().getFirst();
        tx.createUpdate("insert into ledger.transfer (group_number, leg, id, debit_account, credit_account, currency,"
                        + " amount, description, reference) values (1, 0, :id, 1, 2, 'USD', :amount, :description,"
                        + " :reference)")
                .bind("id", transfer.id().toBytes())
                .bind("amount", MOST)
                .bind("description", transfer.description())
                .bind("reference", transfer.reference())
                .execute();
        tx.execute("insert into settlement.close values (1, 'p1', 5, now() - interval '1 day', now(), 4, 1, 0,"
                + " sha256('x'::bytea))");
        tx.execute("insert into settlement.statement values ('st-1', 1, 'p', 'USD', sha256('x'::bytea), " + -MOST
                + ", '{}')");
        tx.execute("insert into payout.instruction values ('po-" + "0".repeat(40)
                + "', 'p', 'sepa', 'USD', 'weekly', 25000000, sha256('x'::bytea), now(), 6)");
    }

    /** NaN is greater than every number and half a micro would be rounded by a type of fixed scale: both are refused. */
    private static void refusesWhatIsNoWholeAmount(Database database) {
        for (String amount : List.of("'NaN'", "0.5", "0", "1e30 + 1", "'Infinity'", "-1")) {
            assertThatThrownBy(() -> database.write(tx -> tx.execute(
                            "insert into ledger.transfer (group_number, leg, id, debit_account, credit_account, currency,"
                                    + " amount, description, reference) values (1, 9, sha256('y'::bytea), 1, 2, 'USD', "
                                    + amount + ", '', '')")))
                    .as(amount)
                    .hasMessageContaining("transfer_amount_check");
        }
    }
}
