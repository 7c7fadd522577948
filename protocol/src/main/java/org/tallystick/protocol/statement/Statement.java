package org.tallystick.protocol.statement;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.pricing.Notation;
import org.tallystick.protocol.pricing.StatedAmount;
import org.tallystick.protocol.pricing.Worth;
import org.tallystick.protocol.receipt.Scope;

/**
 * What one party earned in one period and currency, line by line. Its canonical JSON is hashed into the log's close
 * entry, so the same log position gives the same bytes on any machine.
 *
 * @param notation how it writes exact amounts; all of its amounts are of that kind
 * @param platform the platform's name (origin of its log)
 * @param party who earned
 * @param period id of the period
 * @param from first moment of the period
 * @param to first moment past it
 * @param currency ISO 4217 code of every amount
 * @param position size of the log the statement is a function of
 * @param previous hash of the party's statement before this one in that currency, if there is one
 * @param lines what was earned, from line 1
 * @param contracts per contract, how exact amounts became posted ones
 */
public record Statement(
        Notation notation,
        String platform,
        String party,
        String period,
        Instant from,
        Instant to,
        String currency,
        long position,
        Optional<Hash> previous,
        List<Line> lines,
        List<ContractTotal> contracts)
        implements Paper {
    private static final String TYPE = "tallystick-statement/v";

    /** What ids are derived under; it stays the same whatever the notation, because lines refer to earlier statements by id. */
    private static final String ID_DOMAIN = "tallystick-statement/v1";

    /** Why a line pays its party. */
    public enum Basis {
        /** The party made the works used. */
        CREATOR("creator"),
        /** The contract names the party a recipient, whoever made the works. */
        RECIPIENT("recipient");

        private final String word;

        Basis(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }

        static Basis ofWord(String word) {
            for (Basis basis : values()) {
                if (basis.word.equals(word)) {
                    return basis;
                }
            }
            throw new MalformedException("statement/basis", Fields.shown(word) + " is no basis of a line");
        }
    }

    /** What a line counts. */
    public enum Kind {
        /** Works first used in the period. */
        USAGE("usage"),
        /** Works used in an earlier period whose receipts came after its close. */
        ADJUSTMENT("adjustment"),
        /** Works of an earlier statement all of whose deliveries were taken back since: their amount is taken back. */
        WITHDRAWAL("withdrawal"),
        /** The party's part of a flat price, by its works in the dataset version. */
        FLAT("flat");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }

        /** Whether such a line speaks of an earlier period. */
        public boolean corrects() {
            return this == ADJUSTMENT || this == WITHDRAWAL;
        }

        static Kind ofWord(String word) {
            for (Kind kind : values()) {
                if (kind.word.equals(word)) {
                    return kind;
                }
            }
            throw new MalformedException("statement/kind", Fields.shown(word) + " is no kind of line");
        }
    }

    /**
     * One line.
     *
     * @param contract contract id
     * @param job job id; empty text for {@link Kind#FLAT}, which belongs to no job
     * @param scope of the uses
     * @param worth the factors; a part of a flat price for {@link Kind#FLAT}, and only for that
     * @param exact what the factors come to, in major units; of {@link Kind#WITHDRAWAL}, and only of that, below zero
     * @param corrects for {@link Kind#ADJUSTMENT} and {@link Kind#WITHDRAWAL} the id of the line of an earlier statement,
     *     or of that statement where it had no such line
     */
    public record Line(
            Kind kind,
            Basis basis,
            String contract,
            String job,
            Scope scope,
            Worth worth,
            StatedAmount exact,
            Optional<String> corrects) {
        public Line {
            Objects.requireNonNull(kind);
            Objects.requireNonNull(basis);
            Objects.requireNonNull(scope);
            if (exact.isNegative() && kind != Kind.WITHDRAWAL) {
                throw new MalformedException("statement/line", "only a withdrawal takes back");
            }
            if ((kind == Kind.FLAT) != worth.isFlat() || (kind == Kind.FLAT) != job.isEmpty()) {
                throw new MalformedException("statement/line", "a flat price, and only that, has parts and no job");
            }
            if (kind.corrects() != corrects.isPresent()) {
                throw new MalformedException("statement/line", "a correction, and only that, names what it corrects");
            }
        }

        /** What the line should say its exact amount is. */
        StatedAmount recomputed(Notation notation) {
            StatedAmount amount = notation.worth(worth);
            return kind == Kind.WITHDRAWAL ? amount.negated() : amount;
        }

        /** The same line in another notation, its amount computed anew from its factors. */
        public Line in(Notation notation) {
            return new Line(kind, basis, contract, job, scope, worth, recomputed(notation), corrects);
        }

        Json.Obj json(int number) {
            Json.Builder line = Json.object()
                    .put("basis", basis.word())
                    .put("contract", contract)
                    .put("exact", exact.toString())
                    .put("fee", worth.fee().toPlainString())
                    .put("kind", kind.word())
                    .put("line", number)
                    .put("scope", scope.word())
                    .put("share", worth.share().toPlainString())
                    .put("unit_price", worth.price().toPlainString())
                    .put("uses", worth.uses())
                    .putIfPresent("corrects", corrects);
            if (kind == Kind.FLAT) {
                line.put("of", worth.of());
            } else {
                line.put("job", job);
            }
            return line.build();
        }

        static Line read(Fields fields, int number, Notation notation) {
            fields.integer("line", number, number);
            Kind kind = Kind.ofWord(fields.text("kind"));
            boolean flat = kind == Kind.FLAT;
            Line line = new Line(
                    kind,
                    Basis.ofWord(fields.text("basis")),
                    fields.text("contract", 64),
                    flat ? "" : fields.text("job", 64),
                    Scope.ofWord(fields.text("scope")),
                    new Worth(
                            decimal(fields, "unit_price"),
                            decimal(fields, "fee"),
                            decimal(fields, "share"),
                            fields.integer("uses", 1, MAX_COUNT),
                            flat ? fields.integer("of", 1, MAX_COUNT) : 0),
                    notation.parse(fields.text("exact", MAX_EXACT), fields.path("exact")),
                    fields.optionalText("corrects"));
            fields.noOthers();
            return line;
        }
    }

    /**
     * How one contract's exact amounts became posted ones. Posted is cumulative: what is posted in this period brings
     * the sum of all periods to the exact sum, rounded down to the micro, so rounding never adds up.
     *
     * @param exactBefore exact amount of all earlier statements, in major units
     * @param exact exact amount of this statement's lines, in major units
     * @param postedBefore micros posted by all earlier statements, not negative
     * @param posted micros posted by this one; below zero where more was taken back than earned, but never so that the
     *     sum would be
     */
    public record ContractTotal(
            String contract, StatedAmount exactBefore, StatedAmount exact, BigInteger postedBefore, BigInteger posted) {
        public ContractTotal {
            Objects.requireNonNull(exactBefore);
            Objects.requireNonNull(exact);
            if (postedBefore.signum() < 0 || postedBefore.add(posted).signum() < 0) {
                throw new MalformedException("statement/posted", "what is posted in all is never negative");
            }
        }

        /** Exact amount of all statements so far, this one included, in whole e. */
        public Exact exactAfter() {
            return exactBefore.plus(exact).toExact();
        }

        /**
         * Micros to post so that the posted sum is the exact sum rounded down.
         *
         * @throws MalformedException {@code statement/posted} for more than {@link Statement#MOST} in all
         */
        public static BigInteger toPost(StatedAmount exactBefore, StatedAmount exact, BigInteger postedBefore) {
            BigInteger sum = exactBefore.plus(exact).floorMicros();
            if (sum.abs().compareTo(MOST) > 0) {
                throw new MalformedException("statement/posted", "no amount is as great as what is due in all");
            }
            return sum.subtract(postedBefore);
        }

        Json.Obj json() {
            return Json.object()
                    .put("contract", contract)
                    .put("exact", exact.toString())
                    .put("exact_before", exactBefore.toString())
                    .put("posted", micros(posted))
                    .put("posted_before", micros(postedBefore))
                    .build();
        }

        static ContractTotal read(Fields fields, Notation notation) {
            ContractTotal total = new ContractTotal(
                    fields.text("contract", 64),
                    notation.parse(fields.text("exact_before", MAX_EXACT), fields.path("exact_before")),
                    notation.parse(fields.text("exact", MAX_EXACT), fields.path("exact")),
                    micros(fields, "posted_before"),
                    micros(fields, "posted"));
            fields.noOthers();
            return total;
        }
    }

    public Statement {
        Objects.requireNonNull(previous);
        lines = List.copyOf(lines);
        contracts = List.copyOf(contracts);
        if (!lines.stream().allMatch(line -> notation.writes(line.exact()))
                || !contracts.stream()
                        .allMatch(total -> notation.writes(total.exactBefore()) && notation.writes(total.exact()))) {
            throw new MalformedException("statement/exact", "a statement writes all its amounts in one notation");
        }
        if (!from.isBefore(to) || position < 0) {
            throw new MalformedException("statement/period", "a period must end after it begins");
        }
    }

    @Override
    public String noun() {
        return "statement";
    }

    @Override
    public Map<String, StatedAmount> sums() {
        Map<String, StatedAmount> sums = new HashMap<>();
        lines.forEach(line -> sums.merge(line.contract(), line.exact(), StatedAmount::plus));
        return sums;
    }

    @Override
    public boolean goesOnFrom(Paper earlier) {
        return earlier instanceof Statement statement
                && statement.party.equals(party)
                && statement.currency.equals(currency)
                && statement.platform.equals(platform)
                && !statement.to.isAfter(from);
    }

    /** The id: derived from platform, period, party and currency, so closing twice gives the same statement. */
    @Override
    public String id() {
        return id(platform, period, party, currency);
    }

    /** The id of the statement these names give, which need not exist. */
    public static String id(String platform, String period, String party, String currency) {
        String named = String.join("\n", ID_DOMAIN, platform, period, party, currency);
        return "st-" + Sha256.hash(named.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 40);
    }

    /**
     * The id of a line, unique everywhere.
     *
     * @param number from 1
     */
    public String lineId(int number) {
        return id() + "/" + number;
    }

    /** Micros posted in all. */
    public BigInteger total() {
        return contracts.stream().map(ContractTotal::posted).reduce(BigInteger.ZERO, BigInteger::add);
    }

    /**
     * SHA-256 over the canonical JSON of lines as the buyer can make them too: without their numbers, and without what they
     * correct, which both depend on what the payee earns under other contracts.
     */
    public static Hash linesHash(List<Line> lines) {
        return Sha256.hash(Jcs.bytes(Json.array(lines.stream()
                .map(line -> line.json(0).without("line").without("corrects"))
                .toList())));
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
        Json.Builder statement = Json.object()
                .put(
                        "contracts",
                        Json.array(contracts.stream().map(ContractTotal::json).toList()))
                .put("currency", currency)
                .put("from", from)
                .put("lines", Json.array(numbered))
                .put("party", party)
                .put("period", period)
                .put("platform", platform)
                .put("position", position)
                .put("statement", id())
                .put("to", to)
                .put("total", micros(total()))
                .put("type", TYPE + notation.version());
        previous.ifPresent(hash -> statement.put("previous", hash.hex()));
        return statement.build();
    }

    /**
     * @throws MalformedException {@code statement/…} or {@code json/…}; the id and the total must be those the rest
     *     comes to
     */
    public static Statement of(Json json) {
        Fields fields = Fields.of(json, "statement");
        Notation notation = notation(TYPE, fields.text("type"));
        List<Line> lines = new ArrayList<>();
        for (Fields line : fields.objects("lines")) {
            lines.add(Line.read(line, lines.size() + 1, notation));
        }
        Statement statement = new Statement(
                notation,
                fields.text("platform", 256),
                fields.text("party", 64),
                fields.text("period", 64),
                fields.instant("from"),
                fields.instant("to"),
                fields.text("currency", 3),
                fields.integer("position", 0, MAX_COUNT),
                fields.optionalText("previous").map(Hash::ofHex),
                lines,
                fields.objects("contracts").stream()
                        .map(total -> ContractTotal.read(total, notation))
                        .toList());
        if (!fields.text("statement").equals(statement.id())) {
            throw new MalformedException("statement/id", "the statement's id is not the one its names give");
        }
        if (!micros(fields, "total").equals(statement.total())) {
            throw new MalformedException("statement/total", "the total is not the sum of what is posted per contract");
        }
        fields.noOthers();
        return statement;
    }

    /**
     * The notation of a paper's type.
     *
     * @param known the type but for its version
     */
    static Notation notation(String known, String type) {
        for (Notation notation : Notation.values()) {
            if (type.equals(known + notation.version())) {
                return notation;
            }
        }
        throw new MalformedException("statement/type", Fields.shown(type) + " is no type of paper known here");
    }

    /** Micros as a decimal with six places: {@code 12.500000}. */
    public static String micros(BigInteger micros) {
        return new BigDecimal(micros, 6).toPlainString();
    }

    /** Most characters of an exact amount: two numbers of 80 digits and a stroke. */
    static final int MAX_EXACT = 161;

    /** Micros in the greatest amount a contract posts to one party in all: 10<sup>24</sup> major units. */
    public static final BigInteger MOST = BigInteger.TEN.pow(30);

    private static final long MAX_COUNT = Long.MAX_VALUE >> 11;
    private static final Pattern MICROS = Pattern.compile("-?(0|[1-9][0-9]{0,29})\\.[0-9]{6}");
    private static final Pattern DECIMAL = Pattern.compile("(0|[1-9][0-9]{0,11})(\\.[0-9]{1,12})?");

    private static BigInteger micros(Fields fields, String name) {
        String text = fields.text(name);
        if (!MICROS.matcher(text).matches()) {
            throw new MalformedException("statement/amount", fields.path(name) + " must be a decimal with six places");
        }
        BigInteger micros = new BigDecimal(text).unscaledValue();
        if (!micros(micros).equals(text)) {
            throw new MalformedException("statement/amount", fields.path(name) + " is not the one text of its amount");
        }
        return micros;
    }

    static BigDecimal decimal(Fields fields, String name) {
        String text = fields.text(name);
        if (!DECIMAL.matcher(text).matches()) {
            throw new MalformedException("statement/amount", fields.path(name) + " must be a plain decimal");
        }
        return new BigDecimal(text);
    }
}
