package org.tallystick.platform.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.TestDatabase;
import org.tallystick.platform.db.UnavailableException;
import org.tallystick.platform.kernel.Currency;

/** Each point at which posting can be cut off. */
class LedgerFaultTest {
    private static final Ledger LEDGER = new Ledger();
    private static final Database DB = TestDatabase.fresh();
    private static final PostingGroup GROUP = LedgerScript.group("g: t1 bank -> a 3 USD; t2 a -> b 1 USD");
    private static final String DIE = "select pg_terminate_backend(pg_backend_pid())";

    @BeforeEach
    void accounts() {
        DB.write(h -> {
            LEDGER.empty(h);
            LEDGER.open(h, new AccountSpec("bank", Currency.of("USD"), AccountKind.MAY_GO_NEGATIVE));
            LEDGER.open(h, new AccountSpec("a", Currency.of("USD"), AccountKind.NEVER_NEGATIVE));
            LEDGER.open(h, new AccountSpec("b", Currency.of("USD"), AccountKind.NEVER_NEGATIVE));
            return 0;
        });
    }

    private static void nothingHappenedAndItCanBePosted() {
        assertThat(balance("a")).isEqualTo("0.00 USD");
        assertThat(DB.<List<Difference>>read(LEDGER::check)).isEmpty();
        assertThat(DB.<PostOutcome>write(h -> LEDGER.post(h, GROUP))).isEqualTo(new PostOutcome.Posted());
        itHappenedOnce();
    }

    private static void itHappenedOnce() {
        assertThat(DB.<PostOutcome>write(h -> LEDGER.post(h, GROUP))).isEqualTo(new PostOutcome.Repeated());
        assertThat(balance("a")).isEqualTo("2.00 USD");
        assertThat(balance("b")).isEqualTo("1.00 USD");
        assertThat(DB.<List<Difference>>read(LEDGER::check)).isEmpty();
    }

    private static String balance(String account) {
        return DB.read(h -> LEDGER.balance(h, account).orElseThrow().toString());
    }

    @Test
    void killedBetweenInsertAndCommit() {
        assertThatThrownBy(() -> DB.write(h -> {
                    assertThat(LEDGER.post(h, GROUP)).isEqualTo(new PostOutcome.Posted());
                    assertThat(LEDGER.balance(h, "a").orElseThrow()).hasToString("2.00 USD");
                    return h.execute(DIE);
                }))
                .isInstanceOf(UnavailableException.class);
        nothingHappenedAndItCanBePosted();
    }

    @Test
    void failedBetweenInsertAndCommit() {
        assertThatThrownBy(() -> DB.write(h -> {
                    LEDGER.post(h, GROUP);
                    throw new IllegalStateException("a later step of the same transaction");
                }))
                .isInstanceOf(IllegalStateException.class);
        nothingHappenedAndItCanBePosted();
    }

    @Test
    void killedBetweenGroupAndTransfers() {
        duringTransfers("before");
        assertThatThrownBy(() -> DB.write(h -> LEDGER.post(h, GROUP))).isInstanceOf(UnavailableException.class);
        afterwards();
        nothingHappenedAndItCanBePosted();
    }

    @Test
    void killedBetweenTransfersAndBalances() {
        duringTransfers("after");
        assertThatThrownBy(() -> DB.write(h -> LEDGER.post(h, GROUP))).isInstanceOf(UnavailableException.class);
        afterwards();
        nothingHappenedAndItCanBePosted();
    }

    private static void duringTransfers(String when) {
        DB.write(h -> h.execute("create or replace function ledger.die() returns trigger language plpgsql as $$"
                + " begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$"));
        // Triggers of one kind run in order of name: this one before move_balances.
        DB.write(h -> h.execute("create trigger aaa " + when + " insert on ledger.transfer"
                + " for each statement execute function ledger.die()"));
    }

    private static void afterwards() {
        DB.write(h -> h.execute("drop trigger aaa on ledger.transfer"));
    }

    /** The answer is lost, the posting is not: the caller repeats and learns so. */
    @Test
    void killedAfterTheCommitBeforeTheAnswer() {
        DB.write(h -> LEDGER.post(h, GROUP));
        itHappenedOnce();
    }

    @Test
    void aRefusalLeavesTheTransactionUsable() {
        DB.write(h -> {
            assertThat(LEDGER.post(h, LedgerScript.group("x: x a -> b 1 USD"))).isInstanceOf(PostOutcome.Refused.class);
            assertThat(LEDGER.open(h, new AccountSpec("a", Currency.of("EUR"), AccountKind.NEVER_NEGATIVE))
                            .isAccepted())
                    .isFalse();
            return LEDGER.post(h, GROUP);
        });
        itHappenedOnce();
    }

    /** If Java's decision were wrong, the database would stop it, loudly. */
    @Test
    void theDatabaseRefusesWhatAWrongDecisionAccepted() {
        LedgerStore store = new LedgerStore();
        PostingGroup overdraft = LedgerScript.group("x: x a -> b 1 USD");
        assertThatThrownBy(() -> DB.write(h -> {
                    var accounts = store.lock(h, List.of("a", "b"));
                    store.insert(h, List.of(new PostingRules.Write(overdraft, GroupDigest.of(overdraft))), accounts);
                    return 0;
                }))
                .hasMessageContaining("never_negative");
        nothingHappenedAndItCanBePosted();
    }
}
