package org.tallystick.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.DatabaseConfig;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.ledger.AccountKind;
import org.tallystick.platform.ledger.AccountSpec;
import org.tallystick.platform.ledger.Ledger;
import org.tallystick.platform.ledger.PostOutcome;
import org.tallystick.platform.ledger.PostingGroup;
import org.tallystick.platform.ledger.Transfer;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.codec.Sha256;

/**
 * Transfers a second as a close posts them, many to a transaction, beside the same transfers posted one to a transaction on
 * the same server with the same durability.
 */
final class LedgerBench {
    private static final Currency USD = Currency.of("USD");
    private static final int PAYEES = 1000;
    private static final int TRANSFERS = 100_000;
    private static final int GROUP = 1_000;
    private static final int GROUPS = 50;
    private static final int SINGLE = 200;
    private static final int RUNS = 3;

    private final Database database;
    private final Ledger ledger = new Ledger();
    private long next;

    private LedgerBench(Database database) {
        this.database = database;
    }

    static List<Figure> run() throws Exception {
        try (Scratch scratch = Scratch.open();
                Database database = Database.open(
                        new DatabaseConfig.Embedded(scratch.path().resolve("db")), InstantSource.system())) {
            database.migrate();
            return new LedgerBench(database).measure();
        } catch (IOException e) {
            throw new IOException("the ledger cannot be measured: " + Reasons.of(e), e);
        }
    }

    private List<Figure> measure() throws Exception {
        database.write(handle -> {
            ledger.open(handle, new AccountSpec("cash:USD", USD, AccountKind.MAY_GO_NEGATIVE));
            for (int i = 0; i < PAYEES; i++) {
                ledger.open(handle, new AccountSpec("payable:creator-" + i, USD, AccountKind.NEVER_NEGATIVE));
            }
            return PAYEES;
        });
        post(GROUP * GROUPS, GROUP, GROUPS); // warm
        List<Double> grouped = new ArrayList<>();
        List<Double> single = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            grouped.add(Timer.perSecond(TRANSFERS, () -> post(TRANSFERS, GROUP, GROUPS)));
            single.add(Timer.perSecond(SINGLE, () -> post(SINGLE, 1, 1)));
        }
        Figure one = new Figure("one transaction per posting", single, "transfers/s", Optional.empty());
        check();
        return List.of(new Figure(
                        "ledger",
                        grouped,
                        "transfers/s",
                        Optional.of(new Figure.Yardstick("one-transaction-per-posting", one.median())))
                .towards("50000 and 20 x", "100000"));
    }

    /** As a close posts them: many groups, one for each contract, to a transaction. */
    private void post(int transfers, int perGroup, int groups) {
        for (int done = 0; done < transfers; done += perGroup * groups) {
            List<PostingGroup> some = new ArrayList<>();
            for (int i = 0; i < groups; i++) {
                some.add(group(perGroup));
            }
            List<PostOutcome> outcomes = database.write(handle -> ledger.post(handle, some));
            if (!outcomes.stream().allMatch(PostOutcome.Posted.class::isInstance)) {
                throw new IllegalStateException("not posted: " + outcomes);
            }
        }
    }

    private PostingGroup group(int transfers) {
        List<Transfer> all = new ArrayList<>(transfers);
        for (int i = 0; i < transfers; i++) {
            long number = next++;
            all.add(new Transfer(
                    id("transfer " + number),
                    "cash:USD",
                    "payable:creator-" + number % PAYEES,
                    Money.ofMicros(USD, 4_000),
                    "one use",
                    "bench"));
        }
        return new PostingGroup(id("group " + next), Instant.EPOCH, "bench", "bench", all);
    }

    private void check() {
        if (!database.read(ledger::check).isEmpty()) {
            throw new IllegalStateException("the ledger does not add up after the run");
        }
    }

    private static Hash id(String text) {
        return Sha256.hash(text.getBytes(StandardCharsets.UTF_8));
    }
}
