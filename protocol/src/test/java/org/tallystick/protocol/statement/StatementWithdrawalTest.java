package org.tallystick.protocol.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
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
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.tree.MerkleTree;

/** A use that is taken back after it was paid: the statement says so, the void proves it, and no lie about it passes. */
class StatementWithdrawalTest {
    private static final NoteSigner PLATFORM = new NoteSigner("log.example/tally", Deliveries.PLATFORM);
    private static final PaperVerifier VERIFIER = new PaperVerifier(PLATFORM.key(), Deliveries.VERIFIER);
    private static final Instant END = Deliveries.START.plusSeconds(1_800);

    private final List<Json.Obj> members = new ArrayList<>();
    private final Hash root;
    private final ContractDocument contract;
    private final Grant grant;

    StatementWithdrawalTest() {
        List<Hash> hashes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            members.add(Json.object()
                    .put("content_id", content(i).toString())
                    .put("creator_id", "creator-1")
                    .build());
            hashes.add(MerkleTree.leafHash(Jcs.bytes(members.get(i))));
        }
        root = MerkleTree.root(hashes);
        String text = """
            {"@context":"https://schema.org/","@type":"DataContract","contractId":"cnf-1","datasetId":"ds-1",
             "buyerId":"buyer-7","curatorId":"curator-11","datasetVersion":"%s",
             "license":{"type":"restricted-training","permittedUses":["model-training"],"duration":"P1Y"},
             "pricing":{"model":"micropay","unit":"sample","pricePerUnitUsd":0.005},
             "payout":{"type":"monthly-reconciliation","split":[{"recipientId":"creators","share":1}]}}
            """.formatted(root.hex());
        contract = ContractDocument.parse(text.getBytes(StandardCharsets.UTF_8))
                .sign("buyer-7", Deliveries.EDGE, Deliveries.START)
                .sign("curator-11", Deliveries.EDGE, Deliveries.START)
                .sign("creator-1", Deliveries.EDGE, Deliveries.START);
        grant = new Grant(
                "log.example/tally",
                "buyer-7",
                "cnf-1",
                "job-1",
                Scope.TRAINING,
                root,
                Deliveries.START,
                Deliveries.START.plusSeconds(3600),
                Optional.empty());
    }

    private static ContentId content(int work) {
        return ContentId.of(("work " + work).getBytes(StandardCharsets.UTF_8));
    }

    /** Works 0, 1 and 2 delivered as numbers 1, 2 and 3; number 4 voids number 1; number 5 comes past the grant. */
    private Batch batch() {
        byte[] leaves = new byte[5 * Leaf.LENGTH];
        for (int i = 0; i < 5; i++) {
            boolean isVoid = i == 3;
            new Leaf(
                            isVoid ? LeafKind.VOID : LeafKind.FULL,
                            Scope.TRAINING,
                            false,
                            3,
                            2,
                            1 + i,
                            Deliveries.START
                                    .plusSeconds(i == 2 ? 2_000 : i == 4 ? 4_000 : i)
                                    .toEpochMilli(),
                            grant.tokenId(),
                            content(isVoid ? 0 : i % 3),
                            isVoid ? 0 : 100,
                            isVoid ? 1 : 0,
                            new byte[Leaf.SALT_LENGTH])
                    .encode(leaves, i * Leaf.LENGTH);
        }
        return Batch.seal(leaves, BatchHeader.NONE, Deliveries.EDGE);
    }

    private StatementEvidence evidence(Integer... indices) {
        Batch batch = batch();
        LogEntry.BatchEntry entry =
                new LogEntry.BatchEntry(Sha256.hash(batch.encode()), 0, batch.length(), batch.signed());
        StatementEvidence evidence = new StatementEvidence();
        evidence.addContract(contract.json());
        evidence.addCertificate(Deliveries.CERTIFICATE.sign(Deliveries.PLATFORM));
        evidence.addGrant(grant.claims());
        TreeMap<Long, Json.Obj> shown = new TreeMap<>();
        for (int i = 0; i < 3; i++) {
            shown.put((long) i, members.get(i));
        }
        evidence.addVersion(root, 3, shown, List.of());
        evidence.addBatch(0, entry, batch, new TreeSet<>(List.of(indices)));
        Hash leaf = MerkleTree.leafHash(entry.encode());
        evidence.log(new Checkpoint(PLATFORM.name(), 1, MerkleTree.root(List.of(leaf))).sign(PLATFORM), List.of());
        return evidence;
    }

    private static Statement.ContractTotal total(String before, String exact, long postedBefore, long posted) {
        return new Statement.ContractTotal(
                "cnf-1",
                Exact.parse(before, "before"),
                Exact.parse(exact, "exact"),
                BigInteger.valueOf(postedBefore),
                BigInteger.valueOf(posted));
    }

    private static Statement.Line line(Statement.Kind kind, long uses, String exact) {
        return new Statement.Line(
                kind,
                Statement.Basis.CREATOR,
                "cnf-1",
                "job-1",
                Scope.TRAINING,
                new Worth(new BigDecimal("0.005"), BigDecimal.ZERO, BigDecimal.ONE, uses, 0),
                Exact.parse(exact, "exact"),
                kind == Statement.Kind.USAGE ? Optional.empty() : Optional.of("st-1/1"));
    }

    private static Statement statement(Statement.ContractTotal total, Statement.Line... lines) {
        return new Statement(
                Notation.DECIMALS,
                "log.example/tally",
                "creator-1",
                "p2",
                Deliveries.START,
                END,
                "USD",
                1,
                total.postedBefore().signum() == 0 ? Optional.empty() : Optional.of(Sha256.hash(new byte[0])),
                List.of(lines),
                List.of(total));
    }

    private static Statement takenBack() {
        return statement(total("0.01", "-0.005", 10_000, -5_000), line(Statement.Kind.WITHDRAWAL, 1, "-0.005"));
    }

    private static PaperVerifier.Verified verified(Statement statement, StatementEvidence evidence) {
        return VERIFIER.verify(PaperFile.sign(statement, evidence, PLATFORM));
    }

    private static void refused(String reason, Statement statement, StatementEvidence evidence) {
        assertThatThrownBy(() -> verified(statement, evidence))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void aWithdrawalIsProvenByTheDeliveryAndItsVoid() {
        assertThat(verified(takenBack(), evidence(0, 3)).statement().total()).isEqualTo(-5_000);
        Statement both = statement(
                total("0.01", "0", 10_000, 0),
                line(Statement.Kind.USAGE, 1, "0.005"),
                line(Statement.Kind.WITHDRAWAL, 1, "-0.005"));
        assertThat(verified(both, evidence(0, 1, 3)).works()).isEqualTo(2);
    }

    @Test
    void withoutItsVoidItIsRefusedAndSoIsAVoidWithoutItsDelivery() {
        refused("evidence/unused", takenBack(), evidence(0));
        refused("evidence/unused", takenBack(), evidence(3));
        Statement nothing = statement(total("0", "0", 0, 0));
        refused("evidence/unused", nothing, evidence(0, 3));
        Statement usage = statement(total("0", "0.005", 0, 5_000), line(Statement.Kind.USAGE, 1, "0.005"));
        refused("statement/uses", usage, evidence(0, 3));
        Statement more =
                statement(total("0.01", "-0.01", 10_000, -10_000), line(Statement.Kind.WITHDRAWAL, 2, "-0.01"));
        refused("statement/uses", more, evidence(0, 3));
    }

    @Test
    void aDeliveryPastThePeriodOrItsGrantProvesNothing() {
        Statement usage = statement(total("0", "0.005", 0, 5_000), line(Statement.Kind.USAGE, 1, "0.005"));
        assertThat(verified(usage, evidence(1)).receipts()).isEqualTo(1);
        refused("evidence/time", usage, evidence(2));
        Statement longer = new Statement(
                usage.notation(),
                usage.platform(),
                usage.party(),
                usage.period(),
                usage.from(),
                Deliveries.START.plusSeconds(86_400),
                usage.currency(),
                usage.position(),
                usage.previous(),
                usage.lines(),
                usage.contracts());
        assertThat(verified(longer, evidence(2)).receipts()).isEqualTo(1);
        refused("evidence/outside-grant", longer, evidence(4));
    }

    @Test
    void amountsBelowZeroHaveOneTextAndStandOnlyWhereSomethingIsTakenBack() {
        Statement statement = takenBack();
        assertThat(Statement.of(statement.json())).isEqualTo(statement);
        assertThat(statement.json().toString()).contains("\"total\":\"-0.005000\"", "\"exact\":\"-0.005\"");
        assertThatThrownBy(() -> Statement.of(statement.json().with("total", Json.of("-0.00500"))))
                .hasMessageContaining("six places");
        assertThatThrownBy(() -> line(Statement.Kind.USAGE, 1, "-0.005")).hasMessageContaining("only a withdrawal");
        assertThatThrownBy(() -> total("0", "-0.005", 0, -5_000)).hasMessageContaining("never negative");
        Json.Obj zero = statement(total("0", "0", 0, 0)).json();
        assertThatThrownBy(() -> Statement.of(zero.with("total", Json.of("-0.000000"))))
                .hasMessageContaining("one text");
    }
}
