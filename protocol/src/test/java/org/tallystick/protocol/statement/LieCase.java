package org.tallystick.protocol.statement;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.pricing.Notation;
import org.tallystick.protocol.pricing.Worth;
import org.tallystick.protocol.receipt.Deliveries;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.tree.MerkleTree;

/** One kind of paper with a platform and a log of its own, which a test makes lie: it puts any paper into its log and signs. */
final class LieCase extends AnchoredFixture {
    private static final String LINEAR = "\"model\":\"micropay\",\"unit\":\"sample\",\"pricePerUnitUsd\":0.005";
    private static final String FLAT = "\"model\":\"flat\",\"unit\":\"contract\",\"pricePerUnitUsd\":100";
    private static final int[] OWN = {0, 1, 2, 3, 7};
    private static final int[] ALL = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

    private final String name;
    private final Paper honest;
    private final BiFunction<LieCase, Paper, byte[]> issuing;
    private final byte[] file;
    private final List<LogEntry> truth;

    private LieCase(String name, Paper honest, BiFunction<LieCase, Paper, byte[]> issuing) {
        this.name = name;
        this.honest = honest;
        this.issuing = issuing;
        this.file = issuing.apply(this, honest);
        this.truth = new ArrayList<>(log);
    }

    static List<LieCase> all() {
        AnchoredFixture sample = new AnchoredFixture() {};
        return List.of(
                new LieCase("statement, linear", sample.first(), (on, paper) -> on.issue(paper, FIRST_CLOSE, OWN)),
                new LieCase("statement, sums carried over", sample.second(), LieCase::second),
                new LieCase("statement, recipient", curator(), (on, paper) -> on.issue(paper, FIRST_CLOSE, ALL)),
                new LieCase("statement, creator and recipient", both(), (on, paper) -> {
                    on.recipients = Set.of("creator-1");
                    on.log.set(
                            CONTRACT,
                            document(
                                    "contract",
                                    on.contract("cnf-1", LINEAR, "creator-1").json()));
                    return on.issue(paper, FIRST_CLOSE, ALL);
                }),
                new LieCase("statement, flat", flat(), (on, paper) -> on.flatFile(paper, 0, 1, 2, 3, 4, 5, 6)),
                new LieCase("statement, several contracts", several(), (on, paper) -> {
                    on.log.set(
                            8,
                            document(
                                    "contract",
                                    on.contract("cnf-2", FLAT, "curator-11").json()));
                    on.alsoShown.addAll(List.of(0, 1, 2, 3, 4, 5, 6));
                    return on.issue(paper, FIRST_CLOSE, OWN);
                }),
                new LieCase("invoice, linear", sample.bill(), (on, paper) -> on.issue(paper, FIRST_CLOSE, ALL)),
                new LieCase("invoice, sums carried over", sample.nextBill(), LieCase::second),
                new LieCase("invoice, flat", flatBill(), (on, paper) -> on.flatFile(paper, 0, 3, 4, 5, 6)));
    }

    String kind() {
        return name;
    }

    Paper honest() {
        return honest;
    }

    Json.Obj honestFile() {
        return (Json.Obj) Json.parse(file);
    }

    /** The platform's own file of a paper that its log has, whatever the paper says. */
    byte[] lied(Paper paper) {
        log.clear();
        log.addAll(truth);
        return issuing.apply(this, paper);
    }

    /** Whether somebody who sees the honest log sees that a file is under another: what {@code verify --log} asks first. */
    boolean isAnotherHistory() {
        return !root(log).equals(root(truth));
    }

    private static Hash root(List<LogEntry> entries) {
        return MerkleTree.root(entries.stream()
                .map(entry -> MerkleTree.leafHash(entry.encode()))
                .toList());
    }

    private byte[] issue(Paper paper, int close, int... leaves) {
        log.set(close, close(paper, paper.position()));
        return file(paper, List.of(issued(close, paper, false)), close, leaves);
    }

    private static byte[] second(LieCase on, Paper paper) {
        Paper before = paper instanceof Invoice ? on.bill() : on.first();
        on.log.set(FIRST_CLOSE, on.close(before, 8));
        on.log.set(SECOND_CLOSE, on.close(paper, paper.position()));
        return on.file(
                paper,
                List.of(on.issued(SECOND_CLOSE, paper, false), on.issued(FIRST_CLOSE, before, true)),
                SECOND_CLOSE);
    }

    private ContractDocument contract(String id, String pricing, String recipient) {
        Json.Obj terms = (Json.Obj) Json.parse(contract(pricing)
                .json()
                .toString()
                .replace("cnf-1", id)
                .replace("\"recipientId\":\"curator-11\"", "\"recipientId\":\"" + recipient + "\""));
        return signed(ContractDocument.parse(terms.without("signatures")), SIGNERS);
    }

    private static Statement curator() {
        return statement("curator-11", 8, List.of(line(Statement.Basis.RECIPIENT, WORKS, "0.005", "0.2")), 7_000);
    }

    private static Statement both() {
        return of(
                8,
                List.of(
                        line(Statement.Basis.CREATOR, 4, "0.005", "0.8"),
                        line(Statement.Basis.RECIPIENT, WORKS, "0.005", "0.2")),
                List.of(total("cnf-1", Exact.ZERO, Exact.parse("0.023", "x"), 0, 23_000)));
    }

    private static Statement flat() {
        Statement.Line line = flatLine("cnf-1");
        return of(8, List.of(line), List.of(posted("cnf-1", line)));
    }

    private static Statement several() {
        Statement.Line line = flatLine("cnf-2");
        return of(
                9,
                List.of(line(Statement.Basis.CREATOR, 4, "0.005", "0.8"), line),
                List.of(total("cnf-1", Exact.ZERO, Exact.parse("0.016", "x"), 0, 16_000), posted("cnf-2", line)));
    }

    private static Statement.ContractTotal posted(String contract, Statement.Line line) {
        Exact exact = line.exact().toExact();
        return new Statement.ContractTotal(contract, Exact.ZERO, exact, BigInteger.ZERO, exact.floorMicros());
    }

    private static Statement.Line flatLine(String contract) {
        Worth worth = new Worth(BigDecimal.valueOf(100), BigDecimal.ZERO, new BigDecimal("0.8"), 4, WORKS);
        return new Statement.Line(
                Statement.Kind.FLAT,
                Statement.Basis.CREATOR,
                contract,
                "",
                Scope.TRAINING,
                worth,
                worth.exact(),
                Optional.empty());
    }

    private static Statement of(long position, List<Statement.Line> lines, List<Statement.ContractTotal> totals) {
        return new Statement(
                Notation.DECIMALS,
                PLATFORM.name(),
                "creator-1",
                "2026-01",
                Deliveries.START,
                Deliveries.START.plusSeconds(86_400),
                "USD",
                position,
                Optional.empty(),
                lines,
                totals);
    }

    private static Invoice flatBill() {
        Exact price = Exact.of(BigDecimal.valueOf(100));
        Invoice.Line line = new Invoice.Line(
                Statement.Kind.FLAT, "", Scope.TRAINING, WORKS, BigDecimal.valueOf(100), price, Optional.empty());
        return bill(List.of(line), total("cnf-1", Exact.ZERO, price, 0, 100_000_000), 60_000_000);
    }
}
