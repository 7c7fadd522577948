package org.tallystick.platform.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.TestDatabase;
import org.tallystick.platform.kernel.Category;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Page;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.protocol.codec.Hash;

/** What the ledger's values accept, and its listings. */
class LedgerValuesTest {
    private static final Currency USD = Currency.of("USD");
    private static final Hash ID = LedgerScript.id("x");
    private static final Money ONE = Money.ofMajor(USD, 1);
    private static final Ledger LEDGER = new Ledger();

    private static Transfer transfer(String label) {
        return new Transfer(LedgerScript.id(label), "a", "b", ONE, "d", "r");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "a:", ":a", "a b", "a:b c", "a:é", "a:b\n", "1a", "a_b", "a:b/c", "a:'"})
    void anAccountNameIsPlain(String name) {
        assertThatThrownBy(() -> new AccountSpec(name, USD, AccountKind.NEVER_NEGATIVE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Transfer(ID, name, "b", ONE, "", "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Transfer(ID, "b", name, ONE, "", "")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAccountNameHasAtMost200Characters() {
        String longest = "x".repeat(40) + ":" + "y".repeat(159);
        assertThat(new AccountSpec(longest, USD, AccountKind.NEVER_NEGATIVE).name())
                .hasSize(200);
        assertThatThrownBy(() -> new AccountSpec(longest + "y", USD, AccountKind.NEVER_NEGATIVE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTransferMovesSomethingBetweenTwo() {
        assertThatThrownBy(() -> new Transfer(ID, "a", "a", ONE, "", "")).hasMessageContaining("two accounts");
        assertThatThrownBy(() -> new Transfer(ID, "a", "b", Money.zero(USD), "", ""))
                .hasMessageContaining("more than nothing");
        assertThatThrownBy(() -> new Transfer(ID, "a", "b", ONE.negated(), "", ""))
                .hasMessageContaining("more than nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "a\nb", "\u0085", "\ud800", "x\udc00y"})
    void textsAreStorableWithoutChange(String text) {
        assertThatThrownBy(() -> new Transfer(ID, "a", "b", ONE, text, ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Transfer(ID, "a", "b", ONE, "", text))
                .isInstanceOf(IllegalArgumentException.class);
        List<Transfer> one = List.of(transfer("t"));
        assertThatThrownBy(() -> new PostingGroup(ID, Instant.EPOCH, text, "", one))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PostingGroup(ID, Instant.EPOCH, "", text, one))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void textsHaveAtMost500Characters() {
        assertThat(new Transfer(ID, "a", "b", ONE, "x".repeat(500), "").description())
                .hasSize(500);
        assertThatThrownBy(() -> new Transfer(ID, "a", "b", ONE, "x".repeat(501), ""))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aGroupHasTransfersWithIdsOfTheirOwnAndATime() {
        List<Transfer> one = List.of(transfer("t"));
        assertThatThrownBy(() -> new PostingGroup(ID, Instant.EPOCH, "", "", List.of()))
                .hasMessageContaining("1 to 100000");
        assertThatThrownBy(() -> new PostingGroup(ID, Instant.EPOCH, "", "", List.of(transfer("t"), transfer("t"))))
                .hasMessageContaining("two transfers of one group");
        for (String time : List.of("1969-12-31T23:59:59Z", "+10000-01-01T00:00:00Z")) {
            assertThatThrownBy(() -> new PostingGroup(ID, Instant.parse(time), "", "", one))
                    .hasMessageContaining("between 1970 and 9999");
        }
        assertThat(new PostingGroup(ID, Instant.parse("2026-01-01T00:00:00.123456789Z"), "", "", one).at())
                .isEqualTo("2026-01-01T00:00:00.123456Z");
    }

    @Test
    void everyFieldCountsInTheDigest() {
        PostingGroup group = new PostingGroup(ID, Instant.EPOCH, "d", "r", List.of(transfer("t"), transfer("u")));
        Transfer t = transfer("t");
        List<PostingGroup> others = new ArrayList<>(List.of(
                new PostingGroup(LedgerScript.id("y"), Instant.EPOCH, "d", "r", group.transfers()),
                new PostingGroup(ID, Instant.EPOCH.plusNanos(1_000), "d", "r", group.transfers()),
                new PostingGroup(ID, Instant.EPOCH, "dr", "", group.transfers()),
                new PostingGroup(ID, Instant.EPOCH, "", "dr", group.transfers()),
                new PostingGroup(ID, Instant.EPOCH, "d", "r", List.of(t)),
                new PostingGroup(ID, Instant.EPOCH, "d", "r", List.of(transfer("u"), transfer("t")))));
        for (Transfer other : List.of(
                new Transfer(LedgerScript.id("v"), "a", "b", ONE, "d", "r"),
                new Transfer(t.id(), "b", "a", ONE, "d", "r"),
                new Transfer(t.id(), "a", "bd", ONE, "", "r"),
                new Transfer(t.id(), "a", "b", Money.ofMajor(Currency.of("EUR"), 1), "d", "r"),
                new Transfer(t.id(), "a", "b", ONE.plus(ONE), "d", "r"),
                new Transfer(t.id(), "a", "b", ONE, "dr", ""),
                new Transfer(t.id(), "a", "b", ONE, "", "dr"))) {
            others.add(new PostingGroup(ID, Instant.EPOCH, "d", "r", List.of(other, transfer("u"))));
        }
        Set<Hash> digests = new HashSet<>(Set.of(GroupDigest.of(group)));
        others.forEach(other -> assertThat(digests.add(GroupDigest.of(other)))
                .as(other.toString())
                .isTrue());
    }

    /** Stored digests must stay comparable for ever: a change of this value is a change of format. */
    @Test
    void theDigestIsPinned() {
        PostingGroup group = new PostingGroup(
                ID,
                Instant.parse("2026-11-21T10:00:00.000001Z"),
                "Close of November",
                "close:2026-11",
                List.of(new Transfer(LedgerScript.id("t"), "escrow:b", "payable:a", ONE, "Übung", "line:1")));
        assertThat(GroupDigest.of(group).hex())
                .isEqualTo("f0fb0354d1f8178eb023e605de1c0843f3009c8baf29f4e2be73738ce0a5b51d");
    }

    @ParameterizedTest
    @EnumSource(PostOutcome.Reason.class)
    void everyRefusalIsAProblemOfItsOwn(PostOutcome.Reason reason) {
        PostOutcome refused = new PostOutcome.Refused(reason, "detail");
        assertThat(refused.asOutcome().refusal()).hasValueSatisfying(problem -> {
            assertThat(problem.category()).isEqualTo(Category.CONFLICT);
            assertThat(problem.type())
                    .startsWith("ledger/")
                    .endsWith(reason.name().toLowerCase(Locale.ROOT).replace('_', '-'));
            assertThat(problem.detail()).isEqualTo("detail");
        });
        assertThat(new PostOutcome.Posted().asOutcome()).isEqualTo(Outcome.accepted(new PostOutcome.Posted()));
        assertThat(new PostOutcome.Repeated().asOutcome()).isEqualTo(Outcome.repeated(new PostOutcome.Repeated()));
    }

    @Test
    void listingsComeInPages() {
        try (Database db = TestDatabase.fresh()) {
            db.write(h -> {
                IntStream.range(0, 25)
                        .forEach(i -> LEDGER.open(
                                h, new AccountSpec("p:" + (char) ('a' + i), USD, AccountKind.MAY_GO_NEGATIVE)));
                LEDGER.open(h, new AccountSpec("q", USD, AccountKind.NEVER_NEGATIVE));
                return LEDGER.post(h, LedgerScript.group("g: t p:a -> q 1 USD; u p:b -> q 2 USD; v q -> p:c 3 USD"));
            });
            List<String> names = new ArrayList<>();
            Optional<String> after = Optional.empty();
            do {
                Optional<String> from = after;
                Page<Account> page = db.read(h -> LEDGER.accounts(h, "p:", from, 10));
                page.items().forEach(account -> names.add(account.name()));
                after = page.next();
            } while (after.isPresent());
            assertThat(names).hasSize(25).isSorted().allMatch(name -> name.startsWith("p:"));
            Page<Entry> first = db.read(h -> LEDGER.entries(h, "q", Optional.empty(), 2));
            assertThat(first.items()).extracting(Entry::reference).containsExactly("line:t", "line:u");
            Page<Entry> second = db.read(h -> LEDGER.entries(h, "q", first.next(), 2));
            assertThat(second.items()).extracting(Entry::counterparty).containsExactly("p:c");
            assertThat(second.next()).isEmpty();
            for (String cursor : List.of("", "1", "1.", "x.y", "1.1.1", "-1.0", "9".repeat(30) + ".0")) {
                assertThatThrownBy(() -> db.read(h -> LEDGER.entries(h, "q", Optional.of(cursor), 2)))
                        .isInstanceOf(RefusedException.class);
            }
            for (int limit : List.of(0, -1, 1001)) {
                assertThatThrownBy(() -> db.read(h -> LEDGER.entries(h, "q", Optional.empty(), limit)))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void postingNothingIsNothing() {
        try (Database db = TestDatabase.fresh()) {
            assertThat(db.<List<PostOutcome>>write(h -> LEDGER.post(h, List.of())))
                    .isEmpty();
            assertThat(db.<Optional<PostedTransfer>>read(h -> LEDGER.byId(h, ID)))
                    .isEmpty();
            assertThat(db.<Optional<PostingGroup>>read(h -> LEDGER.group(h, ID)))
                    .isEmpty();
            assertThat(db.<List<TrialBalance>>read(LEDGER::trialBalance)).isEmpty();
        }
    }
}
