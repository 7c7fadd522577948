package org.tallystick.platform.settlement.closing;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.pricing.Notation;
import org.tallystick.protocol.receipt.Scope;

/**
 * What a buyer owes under one contract for one period.
 *
 * @param notation how it writes exact amounts
 * @param platform the platform's name (origin of its log)
 * @param position size of the log it is a function of
 * @param lines what was used, from line 1
 * @param exactBefore exact amount of all earlier invoices, in e
 * @param exact exact amount of the lines; in e; below zero where more was given back than used
 * @param chargedBefore charged by all earlier invoices
 * @param charged by this one, so that the sum charged is the exact sum rounded down to the micro
 * @param fee the platform's part of the exact amount, in e
 * @param fromEscrow what of it escrow covered; below zero where escrow got back
 * @param due what is still to be paid
 */
public record Invoice(
        Notation notation,
        String platform,
        Period period,
        long position,
        ContractId contract,
        PartyId buyer,
        List<Line> lines,
        Exact exactBefore,
        Exact exact,
        Money chargedBefore,
        Money charged,
        Exact fee,
        Money fromEscrow,
        Money due) {
    private static final String TYPE = "tallystick-invoice/v";

    /** What ids are derived under; it stays the same whatever the notation. */
    private static final String ID_DOMAIN = "tallystick-invoice/v1";

    public Invoice {
        Objects.requireNonNull(platform);
        Objects.requireNonNull(period);
        Objects.requireNonNull(contract);
        Objects.requireNonNull(buyer);
        lines = List.copyOf(lines);
        if (!fromEscrow.plus(due).equals(charged)) {
            throw new IllegalStateException("escrow and debt of " + contract + " do not come to what is charged");
        }
    }

    /** What a line counts. */
    public enum Kind {
        /** Works first used in the period. */
        USAGE("usage"),
        /** Works used in an earlier period whose receipts came after its close. */
        ADJUSTMENT("adjustment"),
        /** Works billed earlier all of whose deliveries have been withdrawn since. */
        WITHDRAWAL("withdrawal"),
        /** The price of the contract. */
        FLAT("flat");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** The word used in documents. */
        public String word() {
            return word;
        }
    }

    /**
     * One line.
     *
     * @param job empty for {@link Kind#FLAT}
     * @param uses distinct works; the works of the version for {@link Kind#FLAT}
     * @param exact in e, fee included
     * @param usedIn for an adjustment or withdrawal the id of the period it belongs to
     */
    public record Line(
            Kind kind,
            Optional<JobId> job,
            Scope scope,
            long uses,
            BigDecimal unitPrice,
            Exact exact,
            Optional<String> usedIn) {
        public Line {
            Objects.requireNonNull(kind);
            Objects.requireNonNull(job);
            Objects.requireNonNull(scope);
            Objects.requireNonNull(usedIn);
        }

        private Json.Obj json(int number, Notation notation) {
            return Json.object()
                    .put("line", number)
                    .put("kind", kind.word())
                    .putIfPresent("job", job.map(JobId::value))
                    .put("scope", scope.word())
                    .put("uses", uses)
                    .put("unit_price", unitPrice.toPlainString())
                    .put("exact", notation.of(exact).toString())
                    .putIfPresent("used_in", usedIn)
                    .build();
        }
    }

    /** The invoices of a close, in the order of its contracts. */
    public static List<Invoice> all(CloseInput input, CloseResult result, List<Transfers.OfContract> transfers) {
        List<Invoice> invoices = new ArrayList<>();
        for (int i = 0; i < transfers.size(); i++) {
            CloseResult.OfContract of = result.contracts().get(i);
            invoices.add(new Invoice(
                    result.notation(),
                    input.platform(),
                    input.period(),
                    input.position(),
                    of.contract().id(),
                    of.contract().buyer(),
                    of.lines(),
                    of.before().gross(),
                    of.gross(),
                    Money.ofMicros(of.currency(), of.before().charged()),
                    Money.ofMicros(of.currency(), of.charge()),
                    of.fee(),
                    Money.ofMicros(of.currency(), transfers.get(i).fromEscrow()),
                    Money.ofMicros(of.currency(), transfers.get(i).due())));
        }
        return invoices;
    }

    /** The id: derived from platform, period and contract, so closing twice gives the same invoice. */
    public String id() {
        return id(platform, period.id(), contract);
    }

    public static String id(String platform, String period, ContractId contract) {
        String named = String.join("\n", ID_DOMAIN, platform, period, contract.value());
        return "iv-" + Sha256.hash(named.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 40);
    }

    /** SHA-256 over the canonical JSON. */
    public Hash hash() {
        return Sha256.hash(Jcs.bytes(json()));
    }

    public Json.Obj json() {
        List<Json> numbered = new ArrayList<>();
        for (Line line : lines) {
            numbered.add(line.json(numbered.size() + 1, notation));
        }
        return Json.object()
                .put("type", TYPE + notation.version())
                .put("invoice", id())
                .put("platform", platform)
                .put("period", period.id())
                .put("from", period.from())
                .put("to", period.to())
                .put("position", position)
                .put("contract", contract.value())
                .put("buyer", buyer.value())
                .put("currency", charged.currency().code())
                .put("lines", Json.array(numbered))
                .put("exact_before", notation.of(exactBefore).toString())
                .put("exact", notation.of(exact).toString())
                .put("charged_before", chargedBefore.toDecimal())
                .put("charged", charged.toDecimal())
                .put("fee", notation.of(fee).toString())
                .put("from_escrow", fromEscrow.toDecimal())
                .put("due", due.toDecimal())
                .put("total", charged.toDecimal())
                .build();
    }
}
