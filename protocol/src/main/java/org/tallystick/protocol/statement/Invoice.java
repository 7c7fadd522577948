package org.tallystick.protocol.statement;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.protocol.codec.Currencies;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.pricing.Micros;
import org.tallystick.protocol.pricing.Notation;
import org.tallystick.protocol.pricing.StatedAmount;
import org.tallystick.protocol.pricing.Worth;
import org.tallystick.protocol.receipt.Scope;

/**
 * What a buyer owes under one contract for one period. Its canonical JSON is hashed into the log's close entry, so the same
 * log position gives the same bytes on any machine.
 *
 * @param notation how it writes exact amounts; all of its amounts are of that kind
 * @param platform the platform's name (origin of its log)
 * @param period id of the period
 * @param from first moment of the period
 * @param to first moment past it
 * @param position size of the log it is a function of
 * @param contract whose invoice it is
 * @param buyer who owes
 * @param currency ISO 4217 code of every amount
 * @param previous hash of the contract's invoice before this one, if there is one; invoices of version 1 name none
 * @param lines what was used, from line 1
 * @param total how the exact amount of the lines, fee included, became the one charged
 * @param fee the platform's part of the exact amount
 * @param fromEscrow micros of what is charged that escrow covered; below zero where escrow got back
 */
public record Invoice(
        Notation notation,
        String platform,
        String period,
        Instant from,
        Instant to,
        long position,
        String contract,
        String buyer,
        String currency,
        Optional<Hash> previous,
        List<Line> lines,
        Statement.ContractTotal total,
        StatedAmount fee,
        BigInteger fromEscrow)
        implements Paper {
    private static final String TYPE = "tallystick-invoice/v";

    /** What ids are derived under; it stays the same whatever the notation. */
    private static final String ID_DOMAIN = "tallystick-invoice/v1";

    private static final long MAX_COUNT = Long.MAX_VALUE >> 11;

    /**
     * One line.
     *
     * @param job empty text for {@link Statement.Kind#FLAT}
     * @param uses distinct works; the works of the version for {@link Statement.Kind#FLAT}
     * @param unitPrice of one use, or of the whole where it is flat, in major units
     * @param exact in major units, fee included; of {@link Statement.Kind#WITHDRAWAL}, and only of that, below zero
     * @param usedIn for an adjustment or withdrawal, and only for those, the id of the period it belongs to
     */
    public record Line(
            Statement.Kind kind,
            String job,
            Scope scope,
            long uses,
            BigDecimal unitPrice,
            StatedAmount exact,
            Optional<String> usedIn) {
        public Line {
            Objects.requireNonNull(kind);
            Objects.requireNonNull(scope);
            if (exact.isNegative() && kind != Statement.Kind.WITHDRAWAL) {
                throw new MalformedException("invoice/line", "only a withdrawal gives back");
            }
            if ((kind == Statement.Kind.FLAT) != job.isEmpty()) {
                throw new MalformedException("invoice/line", "a flat price, and only that, has no job");
            }
            if (kind.corrects() != usedIn.isPresent()) {
                throw new MalformedException("invoice/line", "a correction, and only that, names its period");
            }
        }

        /** What the line should say its exact amount is. */
        StatedAmount recomputed(Notation notation) {
            return signed(notation.worth(worth(BigDecimal.ONE)));
        }

        /** What the platform keeps of it. */
        StatedAmount fee(Notation notation, BigDecimal share) {
            return signed(notation.worth(worth(share)));
        }

        private Worth worth(BigDecimal share) {
            return new Worth(unitPrice, BigDecimal.ZERO, share, uses, kind == Statement.Kind.FLAT ? uses : 0);
        }

        private StatedAmount signed(StatedAmount amount) {
            return kind == Statement.Kind.WITHDRAWAL ? amount.negated() : amount;
        }

        Json.Obj json(int number) {
            Json.Builder line = Json.object()
                    .put("line", number)
                    .put("kind", kind.word())
                    .put("scope", scope.word())
                    .put("uses", uses)
                    .put("unit_price", unitPrice.toPlainString())
                    .put("exact", exact.toString())
                    .putIfPresent("used_in", usedIn);
            if (kind != Statement.Kind.FLAT) {
                line.put("job", job);
            }
            return line.build();
        }

        static Line read(Fields fields, int number, Notation notation) {
            fields.integer("line", number, number);
            Statement.Kind kind = Statement.Kind.ofWord(fields.text("kind"));
            Line line = new Line(
                    kind,
                    kind == Statement.Kind.FLAT ? "" : fields.text("job", 64),
                    Scope.ofWord(fields.text("scope")),
                    fields.integer("uses", 1, MAX_COUNT),
                    Statement.decimal(fields, "unit_price"),
                    notation.parse(fields.text("exact", Statement.MAX_EXACT), fields.path("exact")),
                    fields.optionalText("used_in"));
            fields.noOthers();
            return line;
        }
    }

    public Invoice {
        Objects.requireNonNull(previous);
        lines = List.copyOf(lines);
        if (!lines.stream().allMatch(line -> notation.writes(line.exact()))
                || !notation.writes(total.exactBefore())
                || !notation.writes(total.exact())
                || !notation.writes(fee)) {
            throw new MalformedException("invoice/exact", "an invoice writes all its amounts in one notation");
        }
        if (!from.isBefore(to) || position < 0) {
            throw new MalformedException("invoice/period", "a period must end after it begins");
        }
        if (!total.contract().equals(contract)) {
            throw new MalformedException("invoice/contract", "an invoice sums up its own contract");
        }
        if (notation == Notation.FRACTIONS && previous.isPresent()) {
            throw new MalformedException("invoice/previous", "an invoice of version 1 names none before it");
        }
        int charged = total.posted().signum();
        BigInteger owed = total.posted().subtract(fromEscrow);
        if (fromEscrow.signum() * charged < 0
                || owed.signum() * charged < 0
                || (charged == 0 && fromEscrow.signum() != 0)) {
            throw new MalformedException(
                    "invoice/escrow", "escrow covers no more than what is charged, and no less than none");
        }
    }

    /** Micros charged by it, so that the sum charged is the exact sum rounded down. */
    public BigInteger charged() {
        return total.posted();
    }

    /** Micros of it that are still to be paid. */
    public BigInteger due() {
        return total.posted().subtract(fromEscrow);
    }

    @Override
    public List<Statement.ContractTotal> contracts() {
        return List.of(total);
    }

    @Override
    public String noun() {
        return "invoice";
    }

    @Override
    public Map<String, StatedAmount> sums() {
        return lines.isEmpty()
                ? Map.of()
                : Map.of(contract, lines.stream().map(Line::exact).reduce(notation.zero(), StatedAmount::plus));
    }

    @Override
    public boolean goesOnFrom(Paper earlier) {
        return earlier instanceof Invoice invoice
                && invoice.contract.equals(contract)
                && invoice.buyer.equals(buyer)
                && invoice.currency.equals(currency)
                && invoice.platform.equals(platform)
                && !invoice.to.isAfter(from);
    }

    /** The id: derived from platform, period and contract, so closing twice gives the same invoice. */
    @Override
    public String id() {
        return id(platform, period, contract);
    }

    /** The id of the invoice these names give, which need not exist. */
    public static String id(String platform, String period, String contract) {
        String named = String.join("\n", ID_DOMAIN, platform, period, contract);
        return "iv-" + Sha256.hash(named.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 40);
    }

    @Override
    public Hash hash() {
        return Sha256.hash(Jcs.bytes(json()));
    }

    @Override
    public Json.Obj json() {
        List<Json> numbered = new ArrayList<>();
        for (Line line : lines) {
            numbered.add(line.json(numbered.size() + 1));
        }
        return Json.object()
                .put("type", TYPE + notation.version())
                .put("invoice", id())
                .put("platform", platform)
                .put("period", period)
                .put("from", from)
                .put("to", to)
                .put("position", position)
                .put("contract", contract)
                .put("buyer", buyer)
                .put("currency", currency)
                .putIfPresent("previous", previous.map(Hash::hex))
                .put("lines", Json.array(numbered))
                .put("exact_before", total.exactBefore().toString())
                .put("exact", total.exact().toString())
                .put("charged_before", text(total.postedBefore()))
                .put("charged", text(total.posted()))
                .put("fee", fee.toString())
                .put("from_escrow", text(fromEscrow))
                .put("due", text(due()))
                .put("total", text(total.posted()))
                .build();
    }

    private String text(BigInteger micros) {
        return Micros.text(micros, minorDigits(currency));
    }

    private static int minorDigits(String currency) {
        return Currencies.find(currency)
                .orElseThrow(() -> new MalformedException(
                        "invoice/currency", Fields.shown(currency) + " is no currency known here"))
                .minorDigits();
    }

    /**
     * @throws MalformedException {@code invoice/…}, {@code statement/…} for what both papers have, or {@code json/…}; id,
     *     due and total must be those the rest comes to
     */
    public static Invoice of(Json json) {
        Fields fields = Fields.of(json, "invoice");
        Notation notation = Statement.notation(TYPE, fields.text("type"));
        List<Line> lines = new ArrayList<>();
        for (Fields line : fields.objects("lines")) {
            lines.add(Line.read(line, lines.size() + 1, notation));
        }
        String contract = fields.text("contract", 64);
        String currency = fields.text("currency", 3);
        int digits = minorDigits(currency);
        Invoice invoice = new Invoice(
                notation,
                fields.text("platform", 256),
                fields.text("period", 64),
                fields.instant("from"),
                fields.instant("to"),
                fields.integer("position", 0, MAX_COUNT),
                contract,
                fields.text("buyer", 64),
                currency,
                fields.optionalText("previous").map(Hash::ofHex),
                lines,
                new Statement.ContractTotal(
                        contract,
                        exact(fields, "exact_before", notation),
                        exact(fields, "exact", notation),
                        Micros.parse(fields, "charged_before", digits),
                        Micros.parse(fields, "charged", digits)),
                exact(fields, "fee", notation),
                Micros.parse(fields, "from_escrow", digits));
        if (!fields.text("invoice").equals(invoice.id())) {
            throw new MalformedException("invoice/id", "the invoice's id is not the one its names give");
        }
        if (!Micros.parse(fields, "due", digits).equals(invoice.due())
                || !Micros.parse(fields, "total", digits).equals(invoice.charged())) {
            throw new MalformedException(
                    "invoice/total", "the total is what is charged, and what escrow left of it is due");
        }
        fields.noOthers();
        return invoice;
    }

    private static StatedAmount exact(Fields fields, String name, Notation notation) {
        return notation.parse(fields.text(name, Statement.MAX_EXACT), fields.path(name));
    }
}
