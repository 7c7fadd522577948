package org.tallystick.protocol.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.log.Checkpoint;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.pricing.Notation;
import org.tallystick.protocol.pricing.Worth;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Deliveries;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.receipt.SignedHeader;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.tree.MerkleTree;
import org.tallystick.protocol.tree.MultiProof;

/**
 * Where a statement's evidence ends: at the millisecond of its period, at its log position, at its edge, epoch, contract
 * and currency. Two contracts over one dataset version of two creators' works, and as many edges as a case takes.
 */
class StatementBoundsTest {
    private static final NoteSigner PLATFORM = new NoteSigner("log.example/tally", Deliveries.PLATFORM);
    private static final PaperVerifier VERIFIER = new PaperVerifier(PLATFORM.key(), Deliveries.VERIFIER);
    private static final Instant START = Deliveries.START;
    private static final Instant END = START.plusSeconds(1_800);
    private static final List<String> ALL = List.of("buyer-7", "curator-11", "creator-1", "creator-2");
    private static final JdkEd25519 OTHER_KEY = JdkEd25519.ofSeed(Deliveries.seed("other edge"));

    private final List<Json.Obj> members = new ArrayList<>();
    private final List<Hash> memberHashes = new ArrayList<>();
    private final StatementEvidence evidence = new StatementEvidence();
    private final List<LogEntry.BatchEntry> logged = new ArrayList<>();
    private final List<Statement.Line> lines = new ArrayList<>();
    private final List<Statement.ContractTotal> totals = new ArrayList<>();
    private String party = "creator-1";
    private String currency = "USD";
    private String named = PLATFORM.name();
    private long position = 1;
    private int logSize = 1;

    StatementBoundsTest() {
        for (int work = 0; work < 2; work++) {
            members.add(Json.object()
                    .put("content_id", content(work).toString())
                    .put("creator_id", "creator-" + (work + 1))
                    .build());
            memberHashes.add(MerkleTree.leafHash(Jcs.bytes(members.get(work))));
        }
    }

    private static ContentId content(int work) {
        return ContentId.of(("work " + work).getBytes(StandardCharsets.UTF_8));
    }

    private Hash root() {
        return MerkleTree.root(memberHashes);
    }

    private void showMembers() {
        TreeMap<Long, Json.Obj> shown = new TreeMap<>();
        IntStream.range(0, 2).forEach(work -> shown.put((long) work, members.get(work)));
        evidence.addVersion(
                root(), 2, shown, MultiProof.prove(2, shown.navigableKeySet(), MultiProof.of(memberHashes)));
    }

    /** A contract at one unit a use, half to creators and half to the curator. */
    private void contract(String id, String priced, List<String> signers) {
        String text = """
            {"@context":"https://schema.org/","@type":"DataContract","contractId":"%s","datasetId":"ds-1",
             "buyerId":"buyer-7","curatorId":"curator-11","datasetVersion":"%s",
             "license":{"type":"restricted-training","permittedUses":["model-training"],"duration":"P1Y"},
             "pricing":{"model":"micropay","unit":"sample","pricePerUnit%s":1},
             "payout":{"type":"monthly-reconciliation",
               "split":[{"recipientId":"creators","share":0.5},{"recipientId":"curator-11","share":0.5}]}}
            """.formatted(id, root().hex(), priced);
        ContractDocument document = ContractDocument.parse(text.getBytes(StandardCharsets.UTF_8));
        for (String signer : signers) {
            document = document.sign(signer, Deliveries.EDGE, START);
        }
        evidence.addContract(document.json());
    }

    private Grant grant(String contract) {
        return grant(contract, "buyer-7", root());
    }

    private Grant grant(String contract, String buyer, Hash dataset) {
        Grant grant = new Grant(
                PLATFORM.name(),
                buyer,
                contract,
                "job",
                Scope.TRAINING,
                dataset,
                START,
                START.plusSeconds(3_600),
                Optional.empty());
        evidence.addGrant(grant.claims());
        return grant;
    }

    private void certificate(int edge, int epoch, JdkEd25519 key) {
        EdgeCertificate certificate =
                new EdgeCertificate(edge, "edge", epoch, new DidKey(key.publicKey()), START, START.plusSeconds(86_400));
        evidence.addCertificate(certificate.sign(Deliveries.PLATFORM));
    }

    private static Leaf leaf(int edge, int epoch, long sequence, Grant grant, int work, Instant time) {
        return new Leaf(
                LeafKind.FULL,
                Scope.TRAINING,
                false,
                edge,
                epoch,
                sequence,
                time.toEpochMilli(),
                grant.tokenId(),
                content(work),
                100,
                0,
                new byte[Leaf.SALT_LENGTH]);
    }

    private static byte[] bytes(Leaf... leaves) {
        byte[] bytes = new byte[leaves.length * Leaf.LENGTH];
        for (int i = 0; i < leaves.length; i++) {
            leaves[i].encode(bytes, i * Leaf.LENGTH);
        }
        return bytes;
    }

    private void logged(Batch batch, Integer... shown) {
        LogEntry.BatchEntry entry =
                new LogEntry.BatchEntry(Sha256.hash(batch.encode()), 0, batch.length(), batch.signed());
        evidence.addBatch(logged.size(), entry, batch, List.of(shown));
        logged.add(entry);
        logSize = logged.size();
        position = logged.size();
    }

    private void delivered(JdkEd25519 key, Leaf leaf) {
        logged(Batch.seal(bytes(leaf), BatchHeader.NONE, key), 0);
    }

    private void line(String contract, Statement.Basis basis, long uses) {
        Worth worth = new Worth(BigDecimal.ONE, BigDecimal.ZERO, new BigDecimal("0.5"), uses, 0);
        lines.add(new Statement.Line(
                Statement.Kind.USAGE, basis, contract, "job", Scope.TRAINING, worth, worth.exact(), Optional.empty()));
    }

    private void total(String contract, String exact) {
        Exact sum = Exact.parse(exact, "x");
        totals.add(new Statement.ContractTotal(
                contract,
                Exact.ZERO,
                sum,
                BigInteger.ZERO,
                Statement.ContractTotal.toPost(Exact.ZERO, sum, BigInteger.ZERO)));
    }

    private PaperVerifier.Verified verify() {
        List<Hash> log = new ArrayList<>();
        logged.forEach(entry -> log.add(MerkleTree.leafHash(entry.encode())));
        while (log.size() < logSize) {
            log.add(MerkleTree.leafHash(new byte[] {(byte) log.size()}));
        }
        TreeSet<Long> positions = new TreeSet<>();
        IntStream.range(0, logged.size()).forEach(at -> positions.add((long) at));
        evidence.log(
                new Checkpoint(PLATFORM.name(), log.size(), MerkleTree.root(log)).sign(PLATFORM),
                positions.isEmpty() ? List.of() : MultiProof.prove(log.size(), positions, MultiProof.of(log)));
        Statement statement = new Statement(
                Notation.DECIMALS, named, party, "p1", START, END, currency, position, Optional.empty(), lines, totals);
        return VERIFIER.verify(PaperFile.sign(statement, evidence, PLATFORM));
    }

    private void refused(String reason) {
        assertThatThrownBy(this::verify)
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private void comesTo(String result, int receipts) {
        if (result.equals("proven")) {
            assertThat(verify().receipts()).isEqualTo(receipts);
        } else {
            refused(result);
        }
    }

    /** creator-1's one use under c1, delivered by edge 3 in epoch 2. */
    private void oneUse(Instant time) {
        contract("c1", "Usd", ALL);
        showMembers();
        certificate(3, 2, Deliveries.EDGE);
        delivered(Deliveries.EDGE, leaf(3, 2, 1, grant("c1"), 0, time));
        line("c1", Statement.Basis.CREATOR, 1);
        total("c1", "0.5");
    }

    @ParameterizedTest
    @CsvSource({
        // milliseconds before the period's end, result
        "1, proven",
        "0, evidence/time",
        "-1, evidence/time",
    })
    void aReceiptExactlyAtThePeriodsEndIsOfTheNextPeriod(long before, String result) {
        oneUse(END.minusMillis(before));
        comesTo(result, 1);
    }

    @ParameterizedTest
    @CsvSource({
        // log position of the statement, size of the log; the one batch stands at 0
        "1, 1, proven",
        "1, 2, proven",
        "2, 2, proven",
        "0, 1, evidence/position",
        "2, 1, evidence/checkpoint",
    })
    void aStatementRestsOnTheLogUpToItsPosition(long at, int size, String result) {
        oneUse(START);
        position = at;
        logSize = size;
        comesTo(result, 1);
    }

    @Test
    void anotherPlatformsNameIsRefused() {
        oneUse(START);
        named = "other.example/log";
        refused("statement/platform");
    }

    @ParameterizedTest
    @CsvSource({"Usd, USD, proven", "Eur, EUR, proven", "Eur, USD, statement/terms", "Usd, EUR, statement/terms"})
    void aStatementIsInTheCurrencyOfItsContract(String priced, String stated, String result) {
        contract("c1", priced, ALL);
        showMembers();
        certificate(3, 2, Deliveries.EDGE);
        delivered(Deliveries.EDGE, leaf(3, 2, 1, grant("c1"), 0, START));
        line("c1", Statement.Basis.CREATOR, 1);
        total("c1", "0.5");
        currency = stated;
        comesTo(result, 1);
    }

    @ParameterizedTest
    @CsvSource({
        // totals that the statement has, of lines under c1 and c2
        "c1 c2, proven",
        "c1, statement/contract-total",
        "c2, statement/contract-total",
        "c1 c2 c1, statement/contract-total",
    })
    void everyContractOfALineHasOneTotal(String with, String result) {
        contract("c1", "Usd", ALL);
        contract("c2", "Usd", ALL);
        showMembers();
        certificate(3, 2, Deliveries.EDGE);
        delivered(Deliveries.EDGE, leaf(3, 2, 1, grant("c1"), 0, START));
        delivered(Deliveries.EDGE, leaf(3, 2, 2, grant("c2"), 0, START));
        line("c1", Statement.Basis.CREATOR, 1);
        line("c2", Statement.Basis.CREATOR, 1);
        for (String contract : with.split(" ")) {
            total(contract, "0.5");
        }
        comesTo(result, 2);
    }

    @ParameterizedTest
    @CsvSource({
        // who has signed c1, under which creator-1's work was used, and c2, under which creator-2's was
        "creator-1, creator-2, proven",
        "creator-2, creator-1, evidence/unsigned",
        "creator-1, creator-1, evidence/unsigned",
        "creator-2, creator-2, evidence/unsigned",
    })
    void aContractIsSignedByTheCreatorsWhoseWorksWereUsedUnderIt(String ofOne, String ofTwo, String result) {
        party = "curator-11";
        contract("c1", "Usd", List.of("buyer-7", "curator-11", ofOne));
        contract("c2", "Usd", List.of("buyer-7", "curator-11", ofTwo));
        showMembers();
        certificate(3, 2, Deliveries.EDGE);
        delivered(Deliveries.EDGE, leaf(3, 2, 1, grant("c1"), 0, START));
        delivered(Deliveries.EDGE, leaf(3, 2, 2, grant("c2"), 1, START));
        line("c1", Statement.Basis.RECIPIENT, 1);
        line("c2", Statement.Basis.RECIPIENT, 1);
        total("c1", "0.5");
        total("c2", "0.5");
        comesTo(result, 2);
    }

    @ParameterizedTest
    @CsvSource({
        // uses that the line of a recipient counts, of works of both creators
        "2, 1, proven",
        "3, 1.5, statement/uses",
        "1, 0.5, statement/uses",
    })
    void aRecipientsLineCountsTheWorksOfAllCreators(long uses, String exact, String result) {
        party = "curator-11";
        contract("c1", "Usd", ALL);
        showMembers();
        certificate(3, 2, Deliveries.EDGE);
        Grant grant = grant("c1");
        logged(
                Batch.seal(
                        bytes(leaf(3, 2, 1, grant, 0, START), leaf(3, 2, 2, grant, 1, START)),
                        BatchHeader.NONE,
                        Deliveries.EDGE),
                0,
                1);
        line("c1", Statement.Basis.RECIPIENT, uses);
        total("c1", exact);
        comesTo(result, 2);
    }

    /** Whichever certificate comes first: the one that counts is of the batch's edge and epoch. */
    @ParameterizedTest
    @CsvSource({
        // edge and epoch of the batch, which edge 3 signed in its epoch 2
        "3, 2, proven",
        "4, 2, batch/signature",
        "3, 1, batch/signature",
        "5, 2, evidence/certificate",
        "3, 3, evidence/certificate",
    })
    void aBatchIsSignedByTheKeyOfItsEdgeInItsEpoch(int edge, int epoch, String result) {
        contract("c1", "Usd", ALL);
        showMembers();
        certificate(4, 2, OTHER_KEY);
        certificate(3, 1, OTHER_KEY);
        certificate(3, 2, Deliveries.EDGE);
        delivered(Deliveries.EDGE, leaf(edge, epoch, 1, grant("c1"), 0, START));
        line("c1", Statement.Basis.CREATOR, 1);
        total("c1", "0.5");
        comesTo(result, 1);
    }

    @ParameterizedTest
    @CsvSource({
        // edge, epoch and sequence number of the second leaf in a batch of edge 3, epoch 2, from number 1
        "3, 2, 2, proven",
        "4, 2, 2, evidence/sequence",
        "3, 1, 2, evidence/sequence",
        "3, 2, 3, evidence/sequence",
    })
    void aLeafIsOfTheEdgeAndEpochOfItsBatchAndAtItsNumber(int edge, int epoch, long sequence, String result) {
        contract("c1", "Usd", ALL);
        showMembers();
        certificate(3, 2, Deliveries.EDGE);
        certificate(4, 2, Deliveries.EDGE);
        certificate(3, 1, Deliveries.EDGE);
        Grant grant = grant("c1");
        Leaf first = leaf(3, 2, 1, grant, 0, START);
        BatchHeader honest = Batch.seal(bytes(first, leaf(3, 2, 2, grant, 0, START)), BatchHeader.NONE, Deliveries.EDGE)
                .header();
        byte[] leaves = bytes(first, leaf(edge, epoch, sequence, grant, 0, START));
        BatchHeader header = new BatchHeader(
                honest.form(),
                honest.edge(),
                honest.epoch(),
                honest.first(),
                honest.count(),
                honest.minTime(),
                honest.maxTime(),
                MerkleTree.root(leaves, 0, Leaf.LENGTH, 2),
                honest.metered(),
                honest.bytes(),
                honest.previous());
        byte[] head = SignedHeader.sign(header, Deliveries.EDGE).encode();
        byte[] bundle = Arrays.copyOf(head, head.length + leaves.length);
        System.arraycopy(leaves, 0, bundle, head.length, leaves.length);
        logged(Batch.decode(bundle, 0), 0, 1);
        line("c1", Statement.Basis.CREATOR, 1);
        total("c1", "0.5");
        comesTo(result, 2);
    }

    @ParameterizedTest
    @CsvSource({
        // who the grant is to, whether it is for the contract's version
        "buyer-7, true, proven",
        "buyer-8, true, evidence/grant",
        "buyer-7, false, evidence/grant",
    })
    void aGrantIsToTheContractsBuyerForItsVersion(String buyer, boolean version, String result) {
        contract("c1", "Usd", ALL);
        showMembers();
        certificate(3, 2, Deliveries.EDGE);
        Grant grant = grant("c1", buyer, version ? root() : Sha256.hash(new byte[1]));
        delivered(Deliveries.EDGE, leaf(3, 2, 1, grant, 0, START));
        line("c1", Statement.Basis.CREATOR, 1);
        total("c1", "0.5");
        comesTo(result, 1);
    }

    @ParameterizedTest
    @CsvSource({"1, 0.5, 500000, proven", "1, 0.5, 499999, statement/posted", "1, 0.5, 500001, statement/posted"})
    void whatIsPostedIsWhatIsDue(long uses, String exact, long posted, String result) {
        oneUse(START);
        assertThat(lines.getFirst().worth().uses()).isEqualTo(uses);
        totals.set(
                0,
                new Statement.ContractTotal(
                        "c1", Exact.ZERO, Exact.parse(exact, "x"), BigInteger.ZERO, BigInteger.valueOf(posted)));
        comesTo(result, 1);
    }

    /** Nothing was used: a statement may say so, without receipts and so without a proof of any. */
    @Test
    void aStatementOfNothingHasNoLogProof() {
        contract("c1", "Usd", ALL);
        total("c1", "0");
        assertThat(verify().batches()).isZero();
        assertThatThrownBy(() -> {
                    evidence.log(
                            new Checkpoint(PLATFORM.name(), 1, MerkleTree.leafHash(new byte[] {0})).sign(PLATFORM),
                            List.of(root()));
                    VERIFIER.verify(PaperFile.sign(
                            new Statement(
                                    Notation.DECIMALS,
                                    named,
                                    party,
                                    "p1",
                                    START,
                                    END,
                                    currency,
                                    position,
                                    Optional.empty(),
                                    lines,
                                    totals),
                            evidence,
                            PLATFORM));
                })
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo("evidence/log-proof"));
    }
}
