package org.tallystick.platform.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.TestDatabase;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Page;
import org.tallystick.protocol.codec.Hash;

/** The ledger where its limits lie, and many accounts at once. */
class LedgerBoundsTest {
    private static final Currency USD = Currency.of("USD");
    private static final Hash ID = LedgerScript.id("x");
    private static final Ledger LEDGER = new Ledger();

    private static Transfer transfer(String label, BigInteger micros) {
        return new Transfer(LedgerScript.id(label), "a", "b", Money.ofMicros(USD, micros), "why", "line");
    }

    private static PostingGroup group(String label, Transfer... transfers) {
        return new PostingGroup(LedgerScript.id(label), LedgerScript.AT, "Close", "close:1", List.of(transfers));
    }

    @Test
    void amountsPastSixtyThreeBitsHaveDigestsOfTheirOwn() {
        BigInteger power = BigInteger.TWO.pow(63);
        Set<Hash> digests = new HashSet<>();
        for (BigInteger amount : List.of(
                power.subtract(BigInteger.ONE),
                power,
                power.add(BigInteger.ONE),
                power.shiftLeft(8),
                power.shiftLeft(8).add(BigInteger.ONE))) {
            assertThat(digests.add(GroupDigest.of(group("g", transfer("t", amount)))))
                    .as("%s micros", amount)
                    .isTrue();
        }
    }

    /** A change of these values is a change of format: digests of wide amounts are stored too. */
    @Test
    void theDigestsAtTheWidthOfALongArePinned() {
        BigInteger power = BigInteger.TWO.pow(63);
        assertThat(GroupDigest.of(group("g", transfer("t", power.subtract(BigInteger.ONE))))
                        .hex())
                .isEqualTo("67a4a3851a7f46db28eecd63fb88f54dbb4a65f86a939603a942fcb0802ae16f");
        assertThat(GroupDigest.of(group("g", transfer("t", power))).hex())
                .isEqualTo("8e6e94547d181294efe1e07b16fc22acf99ae56f5a263ccfeb308e4b764b2183");
    }

    @Test
    void aGroupHasAtMostAHundredThousandTransfersAndEndsWithTheYear9999() {
        List<Transfer> many = IntStream.rangeClosed(0, 100_000)
                .mapToObj(i -> transfer("t" + i, BigInteger.ONE))
                .toList();
        Instant last = Instant.parse("9999-12-31T23:59:59.999999999Z");
        assertThat(new PostingGroup(ID, last, "", "", many.subList(0, 100_000)).at())
                .isEqualTo("9999-12-31T23:59:59.999999Z");
        assertThatThrownBy(() -> new PostingGroup(ID, last, "", "", many)).hasMessageContaining("not 100001");
    }

    @Test
    void aWrongAccountNameIsShownButNotAllOfALongOne() {
        assertThatThrownBy(() -> Texts.account("!" + "x".repeat(59))).hasMessageEndingWith("x'");
        assertThatThrownBy(() -> Texts.account("!" + "x".repeat(60)))
                .hasMessageEndingWith("'!" + "x".repeat(59) + "…'");
        assertThat(List.of(Texts.account("escrow:b"), Texts.text("a text", "Übung")))
                .containsExactly("escrow:b", "Übung");
    }

    @Test
    void aSumMayReachTheWidestAndNoFurther() {
        BigInteger most = Money.LIMIT;
        PostingRules credited = rules(BigInteger.ZERO, Money.WIDEST.subtract(most));
        assertThat(credited.decide(group("g1", transfer("t1", most)))).isEqualTo(new PostOutcome.Posted());
        assertThat(credited.decide(group("g2", transfer("t2", BigInteger.ONE))))
                .isEqualTo(new PostOutcome.Refused(PostOutcome.Reason.OUT_OF_RANGE, "the sums of b would not fit"));
        PostingRules debited = rules(Money.WIDEST.subtract(BigInteger.ONE), BigInteger.ZERO);
        assertThat(debited.decide(group("g3", transfer("t3", BigInteger.ONE)))).isEqualTo(new PostOutcome.Posted());
        assertThat(debited.decide(group("g4", transfer("t4", BigInteger.ONE))))
                .isEqualTo(new PostOutcome.Refused(PostOutcome.Reason.OUT_OF_RANGE, "the sums of a would not fit"));
    }

    /** The rules for account a, which has been debited so much, and account b, which has been credited so much. */
    private static PostingRules rules(BigInteger debits, BigInteger credits) {
        Map<String, PostingRules.Standing> accounts = new HashMap<>();
        accounts.put("a", standing("a", debits, BigInteger.ZERO));
        accounts.put("b", standing("b", BigInteger.ZERO, credits));
        return new PostingRules(accounts, Map.of(), new HashSet<>());
    }

    private static PostingRules.Standing standing(String name, BigInteger debits, BigInteger credits) {
        return new PostingRules.Standing(1, name, "USD", true, debits, credits);
    }

    @Test
    void theMissingAccountIsNamed() {
        Map<String, PostingRules.Standing> accounts =
                new HashMap<>(Map.of("a", standing("a", BigInteger.ZERO, BigInteger.ZERO)));
        PostingRules rules = new PostingRules(accounts, Map.of(), new HashSet<>());
        PostingGroup fromNowhere =
                group("g1", new Transfer(LedgerScript.id("t"), "nowhere", "a", Money.ofMajor(USD, 1), "", ""));
        assertThat(rules.decide(group("g2", transfer("t", BigInteger.ONE))))
                .isEqualTo(new PostOutcome.Refused(PostOutcome.Reason.UNKNOWN_ACCOUNT, "there is no account b"));
        assertThat(rules.decide(fromNowhere))
                .isEqualTo(new PostOutcome.Refused(PostOutcome.Reason.UNKNOWN_ACCOUNT, "there is no account nowhere"));
    }

    @Test
    void aLedgerIsBalancedOnlyWhereDebitsEqualCredits() {
        assertThat(new TrialBalance(USD, 2, BigInteger.ONE, BigInteger.ONE, BigInteger.ONE).isBalanced())
                .isTrue();
        assertThat(new TrialBalance(USD, 2, BigInteger.ONE, BigInteger.TWO, BigInteger.ONE).isBalanced())
                .isFalse();
    }

    @Test
    void manyAccountsAreOpenedAndReadAtOnce() {
        try (Database db = TestDatabase.fresh()) {
            List<AccountSpec> specs = List.of(
                    new AccountSpec("bank", USD, AccountKind.MAY_GO_NEGATIVE),
                    new AccountSpec("a", USD, AccountKind.NEVER_NEGATIVE),
                    new AccountSpec("e", Currency.of("EUR"), AccountKind.NEVER_NEGATIVE));
            assertThat(db.<Outcome<Integer>>write(h -> LEDGER.open(h, specs))).isEqualTo(Outcome.accepted(3));
            assertThat(db.<Outcome<Integer>>write(h -> LEDGER.open(h, specs))).isEqualTo(Outcome.accepted(3));
            for (AccountSpec spec : specs) {
                Account account = db.read(h -> LEDGER.account(h, spec.name())).orElseThrow();
                assertThat(new AccountSpec(account.name(), account.currency(), account.kind()))
                        .isEqualTo(spec);
            }
            for (AccountSpec other : List.of(
                    new AccountSpec("a", Currency.of("EUR"), AccountKind.NEVER_NEGATIVE),
                    new AccountSpec("a", USD, AccountKind.MAY_GO_NEGATIVE))) {
                assertThat(db.<Outcome<Integer>>write(h -> LEDGER.open(h, List.of(specs.getFirst(), other)))
                                .refusal())
                        .hasValueSatisfying(
                                problem -> assertThat(problem.type()).isEqualTo("ledger/account-differs"));
            }
            PostingGroup posted = LedgerScript.group("g: t1 bank -> a 5 USD");
            db.write(h -> LEDGER.post(h, posted));
            assertThat(db.<Map<String, Money>>read(h -> LEDGER.balances(h, List.of("a", "bank", "e", "nobody"))))
                    .isEqualTo(Map.of(
                            "a", Money.ofMajor(USD, 5),
                            "bank", Money.ofMajor(USD, -5),
                            "e", Money.zero(Currency.of("EUR"))));
            assertThat(db.<Long>read(LEDGER::groups)).isEqualTo(1);
        }
    }

    @Test
    void aGroupIsReadBackAsItWasPosted() {
        try (Database db = TestDatabase.fresh()) {
            PostingGroup group = group("g", transfer("t", BigInteger.TEN));
            db.write(h -> {
                LEDGER.open(h, new AccountSpec("a", USD, AccountKind.MAY_GO_NEGATIVE));
                LEDGER.open(h, new AccountSpec("b", USD, AccountKind.NEVER_NEGATIVE));
                return LEDGER.post(h, group);
            });
            assertThat(db.<Optional<PostingGroup>>read(h -> LEDGER.group(h, group.id())))
                    .hasValue(group);
        }
    }

    @Test
    void aFullLastPageIsTheLast() {
        try (Database db = TestDatabase.fresh()) {
            List<AccountSpec> specs = new ArrayList<>();
            for (String name : List.of("p:a", "p:b", "p:c", "p:d")) {
                specs.add(new AccountSpec(name, USD, AccountKind.NEVER_NEGATIVE));
            }
            db.write(h -> LEDGER.open(h, specs));
            Page<Account> first = db.read(h -> LEDGER.accounts(h, "p:", Optional.empty(), 2));
            Page<Account> second = db.read(h -> LEDGER.accounts(h, "p:", first.next(), 2));
            assertThat(first.items()).hasSize(2);
            assertThat(second.items()).hasSize(2);
            assertThat(second.next()).isEmpty();
        }
    }
}
