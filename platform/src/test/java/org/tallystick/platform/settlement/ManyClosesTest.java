package org.tallystick.platform.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.catalog.CreatorRange;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.ledger.Difference;
import org.tallystick.platform.ledger.TrialBalance;
import org.tallystick.platform.metering.Market;
import org.tallystick.platform.metering.UsageCount;
import org.tallystick.platform.settlement.closing.CloseInput;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.platform.settlement.closing.SettlementStore;
import org.tallystick.platform.settlement.escrow.Accounts;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.statement.PaperVerifier;

/**
 * Many closes over deliveries that come late, repeat and are taken back, under terms no decimal can divide: whatever
 * happens, what everyone has got in the end is what the uses that stand are worth, and nothing is lost on the way.
 */
class ManyClosesTest {
    private static final Currency USD = Currency.of("USD");
    private static final List<String[]> TERMS = List.of(
            new String[] {"0.003333333333", "0.1", "creators=0.333333333333 curator-11=0.666666666667"},
            new String[] {"0.000000000001", "0", "creators=0.5 curator-11=0.25 creator-42=0.25"},
            new String[] {"0.1", "0.333333333333", "creators=0.999999999999 curator-11=0.000000000001"});

    @TempDir
    Path dir;

    private record Deal(
            ContractId contract, BigDecimal price, BigDecimal fee, Map<String, BigDecimal> shares, Grant grant) {}

    private record Delivered(Leaf leaf, Grant grant, int edge) {}

    private final List<Deal> deals = new ArrayList<>();

    @Test
    void inTheEndEveryoneHasWhatTheStandingUsesAreWorth() {
        try (Market market = new Market(dir, 7)) {
            for (String[] terms : TERMS) {
                deals.add(deal(market, terms));
            }
            List<Market.TestEdge> edges = List.of(market.edge("prompt"), market.edge("slow"));
            int[] number = {0};
            Seeds.check(1, random -> {
                List<Delivered> standing = new ArrayList<>();
                for (int round = 0; round < 3; round++) {
                    Instant from = market.world.clock.instant();
                    market.world.clock.advance(Duration.ofMinutes(20));
                    for (int i = 0; i < 30; i++) {
                        int edge = random.nextInt(2);
                        if (random.nextInt(4) == 0 && !standing.isEmpty()) {
                            Delivered taken = standing.remove(random.nextInt(standing.size()));
                            edges.get(taken.edge()).takeBack(taken.leaf(), taken.grant());
                        } else {
                            Grant grant =
                                    deals.get(random.nextInt(deals.size())).grant();
                            Instant time = from.plusSeconds(random.nextInt(1_200));
                            Leaf leaf = edges.get(edge)
                                    .deliver(grant, market.members.get(random.nextInt(market.members.size())), time);
                            standing.add(new Delivered(leaf, grant, edge));
                        }
                    }
                    edges.get(0).seal(5).ship();
                    if (round % 2 == 1) {
                        edges.get(1).seal(3).ship();
                    }
                    close(market, ++number[0]);
                }
                edges.get(1).ship();
                market.world.clock.advance(Duration.ofMinutes(1));
                close(market, ++number[0]);
                deals.forEach(deal -> worth(market, deal));
            });
        }
    }

    private static Deal deal(Market market, String[] terms) {
        Map<String, BigDecimal> shares = new HashMap<>();
        List<String> splits = new ArrayList<>();
        for (String split : terms[2].split(" ")) {
            String[] parts = split.split("=");
            shares.put(parts[0], new BigDecimal(parts[1]));
            splits.add("{\"recipientId\":\"" + parts[0] + "\",\"share\":" + parts[1] + "}");
        }
        String id = "cnf-" + terms[0];
        ContractId contract = market.contract(
                id,
                "{\"model\":\"micropay\",\"unit\":\"sample\",\"pricePerUnitUsd\":" + terms[0] + "}",
                terms[1],
                "[" + String.join(",", splits) + "]");
        market.settlement()
                .fundEscrow(ContractFixture.OPERATOR, contract, Money.parse(USD, "0.50"), "wire " + id)
                .orThrow();
        Grant grant = market.token(market.job(contract, "job-" + terms[0]), Scope.TRAINING);
        return new Deal(contract, new BigDecimal(terms[0]), new BigDecimal(terms[1]), shares, grant);
    }

    private static void close(Market market, int number) {
        List<Close> before = market.read(tx -> market.settlement().closes(tx));
        Instant from = before.isEmpty()
                ? ContractFixture.START
                : before.getLast().period().to();
        Close close = market.settlement()
                .close(new Period("p" + number, from, market.world.clock.instant()))
                .orThrow();
        List<String> differences = market.read(tx -> market.settlement().check(tx));
        assertThat(differences).isEmpty();
        List<Difference> inLedger = market.read(tx -> market.ledger.check(tx));
        assertThat(inLedger).isEmpty();
        List<TrialBalance> sums = market.read(tx -> market.ledger.trialBalance(tx));
        assertThat(sums).allMatch(TrialBalance::isBalanced);
        assertThat(market.metering().check()).isEmpty();
        PaperVerifier verifier = new PaperVerifier(Market.noteSigner().key(), ContractFixture.VERIFIER);
        for (String id : close.statements()) {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            market.settlement().export(id, file).orThrow();
            verifier.verify(file.toByteArray());
        }
    }

    /** Everything is charged and posted as if it had been billed at once, and the residue is below a micro a payee. */
    private void worth(Market market, Deal deal) {
        Map<PartyId, Long> uses = new HashMap<>();
        List<UsageCount> counts = market.read(tx -> market.metering().counts(tx, deal.contract()));
        counts.forEach(count -> uses.merge(count.creator(), count.uses(), Math::addExact));
        assertThat(uses).isEqualTo(plain(market, deal));
        long all = uses.values().stream().mapToLong(Long::longValue).sum();
        BigDecimal gross = deal.price().multiply(BigDecimal.valueOf(all));
        BigDecimal fee = gross.multiply(deal.fee());
        BigDecimal each = deal.price().multiply(BigDecimal.ONE.subtract(deal.fee()));
        CloseInput.ContractTotal owed = market.read(tx -> SettlementStore.contractTotal(tx, deal.contract()));
        assertThat(owed.gross()).isEqualTo(Exact.of(gross));
        assertThat(owed.charged()).isEqualTo(micros(gross));
        assertThat(owed.feePosted()).isEqualTo(micros(fee));
        Map<PartyId, CloseInput.PayeeTotal> earned =
                market.read(tx -> SettlementStore.payeeTotals(tx, deal.contract()));
        BigInteger posted = owed.feePosted();
        for (Map.Entry<PartyId, CloseInput.PayeeTotal> entry : earned.entrySet()) {
            BigDecimal due = BigDecimal.ZERO;
            for (Map.Entry<String, BigDecimal> share : deal.shares().entrySet()) {
                if (share.getKey().equals(entry.getKey().value())) {
                    due = due.add(each.multiply(share.getValue()).multiply(BigDecimal.valueOf(all)));
                } else if (share.getKey().equals("creators") && all > 0) {
                    long own = Optional.ofNullable(uses.get(entry.getKey())).orElse(0L);
                    due = due.add(each.multiply(share.getValue()).multiply(BigDecimal.valueOf(own)));
                }
            }
            assertThat(entry.getValue().exact()).as(entry.getKey().value()).isEqualTo(Exact.of(due));
            assertThat(entry.getValue().posted()).isEqualTo(micros(due));
            posted = posted.add(entry.getValue().posted());
        }
        BigInteger residue = market.read(tx -> market.ledger.balance(
                        tx, Accounts.residue(deal.contract(), USD).name()))
                .map(Money::micros)
                .orElse(BigInteger.ZERO);
        assertThat(residue)
                .isEqualTo(owed.charged().subtract(posted))
                .isBetween(BigInteger.ZERO, BigInteger.valueOf(earned.size()));
    }

    private static Map<PartyId, Long> plain(Market market, Deal deal) {
        List<CreatorRange> ranges = market.read(tx -> market.world.catalog.ranges(tx, market.version.root()));
        Map<PartyId, Long> uses = new HashMap<>();
        market.standing(deal.grant())
                .forEach(ordinal -> ranges.stream()
                        .filter(range -> range.from() <= ordinal && ordinal < range.to())
                        .forEach(range -> uses.merge(range.creator(), 1L, Math::addExact)));
        return uses;
    }

    private static BigInteger micros(BigDecimal majorUnits) {
        return majorUnits.movePointRight(6).setScale(0, RoundingMode.FLOOR).toBigIntegerExact();
    }
}
