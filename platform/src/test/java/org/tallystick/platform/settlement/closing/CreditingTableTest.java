package org.tallystick.platform.settlement.closing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.ledger.AccountSpec;
import org.tallystick.platform.ledger.Transfer;
import org.tallystick.platform.settlement.escrow.Accounts;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.pricing.Exact;

/** Who is credited when a buyer has paid for only part of what it used, and what a close says of contracts it cannot rate. */
class CreditingTableTest {
    private static final Currency USD = Currency.of("USD");
    private static final Period MAY =
            new Period("p1", Instant.parse("2026-05-01T00:00:00Z"), Instant.parse("2026-06-01T00:00:00Z"));

    /** The name of an account by the word that the table has for it. */
    private static String account(String word) {
        ContractId contract = new ContractId("c1");
        String[] parts = (word + ":none").split(":");
        PartyId party = new PartyId(parts[1]);
        AccountSpec account = switch (parts[0]) {
            case "escrow" -> Accounts.escrow(contract, USD);
            case "debt" -> Accounts.receivable(contract, USD);
            case "fee" -> Accounts.fee(USD);
            case "fee-owed" -> Accounts.feeRecoverable(USD);
            case "fee-waits" -> Accounts.uncoveredFee(contract, USD);
            case "pay" -> Accounts.payable(party, USD);
            case "owed" -> Accounts.recoverable(party, USD);
            case "waits" -> Accounts.uncovered(contract, party, USD);
            default -> throw new IllegalArgumentException(word);
        };
        return account.name();
    }

    private static Map<String, BigInteger> amounts(String text) {
        Map<String, BigInteger> amounts = new HashMap<>();
        for (String pair : text.strip().split(" +")) {
            if (!pair.isEmpty() && !pair.equals("-")) {
                int at = pair.indexOf('=');
                amounts.put(pair.substring(0, at), new BigInteger(pair.substring(at + 1)));
            }
        }
        return amounts;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        # what                                    | balances before                 | limit | change of charge, payees and fee | moved
        all is covered by escrow                  | escrow=100                      | 0     | charge=100 a=90 fee=10           | ESCROW 100, EARNED a 90, FEE 10
        half is covered, all wait for their half  | escrow=50                       | 0     | charge=100 a=60 b=30 fee=10      | ESCROW 50, DEBT 50, EARNED a 30, UNCOVERED a 30, EARNED b 15, UNCOVERED b 15, FEE 5, FEE_UNCOVERED 5
        nothing is covered                        | -                               | 0     | charge=100 a=90 fee=10           | DEBT 100, UNCOVERED a 90, FEE_UNCOVERED 10
        an operator guarantees for a part         | -                               | 40    | charge=100 a=90 fee=10           | DEBT 100, EARNED a 36, UNCOVERED a 54, FEE 4, FEE_UNCOVERED 6
        an operator guarantees for more than all  | -                               | 400   | charge=100 a=90 fee=10           | DEBT 100, EARNED a 90, FEE 10
        a micro that cannot be divided waits      | escrow=2                        | 0     | charge=3 a=1 b=1 c=1             | ESCROW 2, DEBT 1, UNCOVERED a 1, UNCOVERED b 1, UNCOVERED c 1
        paid since: who waited is credited        | debt=-20 waits:a=90 fee-waits=10 | 0    | -                                | COVERED a 72, FEE_COVERED 8
        paid since: who owes pays it back first   | waits:a=90 owed:a=-40 fee-waits=10 fee-owed=-3 | 0 | -                     | COVERED a 90, RECOVERED a 40, FEE_COVERED 10, FEE_RECOVERED 3
        newly earned and waiting, both covered    | escrow=10 waits:a=5             | 0     | charge=10 a=10                   | ESCROW 10, EARNED a 10, COVERED a 5
        taken back: first what was never covered  | debt=-30 waits:a=30 pay:a=60    | 0     | charge=-50 a=-45 fee=-5          | FORGIVEN 30, REFUND 20, BACK_UNCOVERED a 30, BACK a 15, FEE_BACK_OWED 5
        taken back: what was drawn is owed        | pay:a=10 fee=2 fee-waits=1      | 0     | charge=-50 a=-45 fee=-5          | REFUND 50, BACK a 10, BACK_OWED a 35, FEE_BACK_UNCOVERED 1, FEE_BACK 2, FEE_BACK_OWED 2
        nothing to say and nobody waiting         | escrow=5                        | 0     | -                                | -
        """)
    void creditsWhatIsCovered(String name, String before, String limit, String change, String moved) {
        assertThat(show(transfers(before, limit, change))).isEqualTo(moved);
    }

    private static Transfers.OfContract transfers(String before, String limit, String change) {
        ContractId contract = new ContractId("c1");
        Map<String, BigInteger> balances = new HashMap<>();
        amounts(before).forEach((word, micros) -> balances.put(account(word), micros));
        Coverage coverage = new Coverage(
                Map.of(contract, new BigInteger(limit)),
                Coverage.waiting(balances.keySet().stream()
                        .filter(name -> name.startsWith("uncovered:"))
                        .toList()));
        Transfers transfers = new Transfers(
                CloseModel.PLATFORM,
                MAY,
                account -> balances.getOrDefault(account, BigInteger.ZERO),
                Optional.of(coverage));
        Map<String, BigInteger> changes = new TreeMap<>(amounts(change));
        if (changes.isEmpty()) {
            return transfers.waiting(contract, USD);
        }
        BigInteger charge = Objects.requireNonNull(changes.remove("charge"));
        BigInteger fee = Optional.ofNullable(changes.remove("fee")).orElse(BigInteger.ZERO);
        List<CloseResult.Posting> postings = new ArrayList<>();
        changes.forEach((party, micros) -> postings.add(new CloseResult.Posting(new PartyId(party), micros, "st-1")));
        return transfers.of(new CloseResult.OfContract(
                TableContract.of(
                        List.of("c1", "1", "USD", "fee", "0.1", "creators=1"), 1, Hash.of(new byte[32]), MAY.from()),
                USD,
                List.of(),
                CloseInput.ContractTotal.NOTHING,
                Exact.ZERO,
                charge,
                Exact.ZERO,
                fee,
                postings,
                List.of(),
                false,
                new ContractUsage(contract, List.of(), new TreeMap<>(), new TreeMap<>())));
    }

    /** Purpose, payee and micros of each transfer, in their order. */
    private static String show(Transfers.OfContract moved) {
        List<String> shown = new ArrayList<>();
        for (Transfer transfer : moved.transfers()) {
            Transfers.Purpose purpose = Arrays.stream(Transfers.Purpose.values())
                    .filter(each -> List.of("", "a", "b", "c").stream()
                            .anyMatch(party -> transfer.id().equals(id(each, party))))
                    .findFirst()
                    .orElseThrow();
            String party = List.of("", "a", "b", "c").stream()
                    .filter(each -> transfer.id().equals(id(purpose, each)))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            shown.add((purpose + " " + party).strip() + " " + transfer.amount().micros());
            assertThat(transfer.debit()).isNotEqualTo(transfer.credit());
        }
        return shown.isEmpty() ? "-" : String.join(", ", shown);
    }

    private static Hash id(Transfers.Purpose purpose, String party) {
        return Transfers.id(CloseModel.PLATFORM, MAY.id(), new ContractId("c1"), purpose, party);
    }

    @Test
    void whoWaitsIsReadFromTheNamesOfAccounts() {
        Coverage coverage = new Coverage(
                Map.of(new ContractId("c1"), BigInteger.TEN),
                Coverage.waiting(List.of("uncovered:2:c1:a", "uncovered:2:c1:b", "uncovered:4:c1:x:a")));
        assertThat(coverage.waiting(new ContractId("c1"))).containsExactly(new PartyId("a"), new PartyId("b"));
        assertThat(coverage.waiting(new ContractId("c1:x"))).containsExactly(new PartyId("a"));
        assertThat(coverage.waiting(new ContractId("c2"))).isEmpty();
        assertThat(coverage.others(Set.of(new ContractId("c1")))).containsExactly(new ContractId("c1:x"));
        assertThat(coverage.others(Set.of())).hasSize(2);
        assertThat(List.of(coverage.limit(new ContractId("c1")), coverage.limit(new ContractId("c2"))))
                .containsExactly(BigInteger.TEN, BigInteger.ZERO);
    }

    @Test
    void aContractIsSetAsideByTheKindOfWhatWasThrown() {
        ContractId contract = new ContractId("c1");
        assertThat(List.of(
                        SetAside.because(contract, new ArithmeticException("wide")),
                        SetAside.because(contract, new MalformedException("statement/posted", "wide")),
                        SetAside.because(contract, new MalformedException("statement/lines", "other")),
                        SetAside.because(contract, new IllegalStateException("other")),
                        SetAside.because(
                                contract, Problem.invalid("a/b", "A", "b").asException())))
                .extracting(SetAside::reason)
                .containsExactly("amount/limit", "amount/limit", "close/unratable", "close/unratable", "a/b");
        SetAside limit = new SetAside(contract, SetAside.LIMIT);
        assertThat(SetAside.of(Fields.of(limit.json(), "item"))).isEqualTo(limit);
        assertThat(List.of(
                        limit.words(),
                        new SetAside(contract, SetAside.PAYEES).words(),
                        new SetAside(contract, "close/unratable").words(),
                        new SetAside(contract, "a/b").words()))
                .containsExactly(
                        "contract c1 is set aside: what it comes to is more than 10^24 units, the greatest amount"
                                + " there is (amount/limit)",
                        "contract c1 is set aside: it has more payees than one posting holds (close/payees)",
                        "contract c1 is set aside: its uses cannot be priced (close/unratable)",
                        "contract c1 is set aside: a/b (a/b)");
    }
}
