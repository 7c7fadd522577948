package org.tallystick.protocol.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
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
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.tree.MerkleTree;
import org.tallystick.protocol.tree.MultiProof;

/** One platform, one edge, a dataset of seven works by two creators, one contract, and a true statement about them. */
abstract class StatementFixture {
    static final NoteSigner PLATFORM = new NoteSigner("log.example/tally", Deliveries.PLATFORM);
    static final JdkEd25519 CREATOR = JdkEd25519.ofSeed(Deliveries.seed("creator"));
    static final PaperVerifier VERIFIER = new PaperVerifier(PLATFORM.key(), Deliveries.VERIFIER);
    static final int WORKS = 7;
    static final List<String> SIGNERS = List.of("buyer-7", "curator-11", "creator-1", "creator-2");

    final List<Json.Obj> members = new ArrayList<>();
    final Hash root;
    final ContractDocument contract;
    final Grant grant;
    final Batch batch;
    final LogEntry.BatchEntry entry;

    StatementFixture() {
        List<Hash> hashes = new ArrayList<>();
        for (int i = 0; i < WORKS; i++) {
            members.add(Json.object()
                    .put("content_id", content(i).toString())
                    .put("creator_id", i < 4 ? "creator-1" : "creator-2")
                    .build());
            hashes.add(MerkleTree.leafHash(Jcs.bytes(members.get(i))));
        }
        root = MerkleTree.root(hashes);
        contract = contract("\"model\":\"micropay\",\"unit\":\"sample\",\"pricePerUnitUsd\":0.005");
        grant = grant("buyer-7", root);
        batch = batch(grant, LeafKind.FULL);
        entry = new LogEntry.BatchEntry(Sha256.hash(batch.encode()), 0, batch.length(), batch.signed());
    }

    static ContentId content(int work) {
        return ContentId.of(("work " + work).getBytes(StandardCharsets.UTF_8));
    }

    ContractDocument contract(String pricing) {
        String text = """
            {"@context":"https://schema.org/","@type":"DataContract","contractId":"cnf-1","datasetId":"ds-1",
             "buyerId":"buyer-7","curatorId":"curator-11","datasetVersion":"%s",
             "license":{"type":"restricted-training","permittedUses":["model-training"],"forbiddenUses":[],
               "duration":"P1Y","regionRestrictions":["EU"]},
             "pricing":{%s},
             "payout":{"type":"monthly-reconciliation","escrowProvider":"escrow",
               "split":[{"recipientId":"creators","share":0.80},{"recipientId":"curator-11","share":0.20}]}}
            """.formatted(root.hex(), pricing);
        return signed(ContractDocument.parse(text.getBytes(StandardCharsets.UTF_8)), SIGNERS);
    }

    static ContractDocument signed(ContractDocument terms, List<String> signers) {
        ContractDocument document = terms;
        for (String signer : signers) {
            document = document.sign(signer, signer.equals("buyer-7") ? Deliveries.EDGE : CREATOR, Deliveries.START);
        }
        return document;
    }

    static Grant grant(String consumer, Hash version) {
        return new Grant(
                "log.example/tally",
                consumer,
                "cnf-1",
                "job-1",
                Scope.TRAINING,
                version,
                Deliveries.START,
                Deliveries.START.plusSeconds(3600),
                Optional.empty());
    }

    /** Ten deliveries: every work once, the first three twice. */
    static Batch batch(Grant grant, LeafKind kind) {
        byte[] leaves = new byte[10 * Leaf.LENGTH];
        for (int i = 0; i < 10; i++) {
            Leaf leaf = new Leaf(
                    kind,
                    Scope.TRAINING,
                    false,
                    3,
                    2,
                    1 + i,
                    Deliveries.START.toEpochMilli() + i,
                    grant.tokenId(),
                    content(i % WORKS),
                    kind == LeafKind.FULL ? 100 : 0,
                    0,
                    new byte[Leaf.SALT_LENGTH]);
            leaf.encode(leaves, i * Leaf.LENGTH);
        }
        return Batch.seal(leaves, BatchHeader.NONE, Deliveries.EDGE);
    }

    StatementEvidence evidence(int... leaves) {
        return evidence(contract, grant, batch, entry, leaves);
    }

    StatementEvidence evidence(
            ContractDocument agreed, Grant granted, Batch sealed, LogEntry.BatchEntry logged, int... leaves) {
        StatementEvidence evidence = new StatementEvidence();
        evidence.addContract(agreed.json());
        evidence.addCertificate(Deliveries.CERTIFICATE.sign(Deliveries.PLATFORM));
        evidence.addGrant(granted.claims());
        TreeMap<Long, Json.Obj> shown = new TreeMap<>();
        TreeSet<Integer> indices = new TreeSet<>();
        for (int leaf : leaves) {
            shown.put((long) (leaf % WORKS), members.get(leaf % WORKS));
            indices.add(leaf);
        }
        List<Hash> all =
                members.stream().map(m -> MerkleTree.leafHash(Jcs.bytes(m))).toList();
        evidence.addVersion(root, WORKS, shown, MultiProof.prove(WORKS, shown.navigableKeySet(), MultiProof.of(all)));
        evidence.addBatch(5, logged, sealed, indices);
        List<Hash> log = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            log.add(i == 5 ? MerkleTree.leafHash(entry.encode()) : MerkleTree.leafHash(new byte[] {(byte) i}));
        }
        Checkpoint checkpoint = new Checkpoint(PLATFORM.name(), 9, MerkleTree.root(log));
        evidence.log(checkpoint.sign(PLATFORM), MultiProof.prove(9, new TreeSet<>(List.of(5L)), MultiProof.of(log)));
        return evidence;
    }

    static Statement.Line line(Statement.Basis basis, long uses, String price, String share) {
        Worth worth = new Worth(new BigDecimal(price), BigDecimal.ZERO, new BigDecimal(share), uses, 0);
        return new Statement.Line(
                Statement.Kind.USAGE, basis, "cnf-1", "job-1", Scope.TRAINING, worth, worth.exact(), Optional.empty());
    }

    static Statement statement(String party, long position, List<Statement.Line> lines, long posted) {
        return statement(party, position, lines, BigInteger.valueOf(posted));
    }

    static Statement statement(String party, long position, List<Statement.Line> lines, BigInteger posted) {
        return new Statement(
                Notation.DECIMALS,
                "log.example/tally",
                party,
                "2026-01",
                Deliveries.START,
                Deliveries.START.plusSeconds(86_400),
                "USD",
                position,
                Optional.empty(),
                lines,
                List.of(new Statement.ContractTotal(
                        "cnf-1", Exact.ZERO, lines.getFirst().exact(), BigInteger.ZERO, posted)));
    }

    static Statement creatorStatement() {
        return statement("creator-1", 7, List.of(line(Statement.Basis.CREATOR, 4, "0.005", "0.8")), 16_000);
    }

    byte[] creatorFile() {
        return PaperFile.sign(creatorStatement(), evidence(0, 1, 2, 3, 7), PLATFORM);
    }

    /** What creator-1 is owed of a flat price for so many of seven works. */
    Statement flatStatement(long works) {
        Worth worth = new Worth(BigDecimal.valueOf(100), BigDecimal.ZERO, new BigDecimal("0.8"), works, WORKS);
        Statement.Line line = new Statement.Line(
                Statement.Kind.FLAT,
                Statement.Basis.CREATOR,
                "cnf-1",
                "",
                Scope.TRAINING,
                worth,
                worth.exact(),
                Optional.empty());
        BigInteger due = Statement.ContractTotal.toPost(Exact.ZERO, line.exact(), BigInteger.ZERO);
        return statement("creator-1", 7, List.of(line), due);
    }

    StatementEvidence flatEvidence(int... shown) {
        StatementEvidence evidence = new StatementEvidence();
        evidence.addContract(contract("\"model\":\"flat\",\"unit\":\"contract\",\"pricePerUnitUsd\":100")
                .json());
        TreeMap<Long, Json.Obj> some = new TreeMap<>();
        for (int i : shown) {
            some.put((long) i, members.get(i));
        }
        List<Hash> all =
                members.stream().map(m -> MerkleTree.leafHash(Jcs.bytes(m))).toList();
        evidence.addVersion(root, WORKS, some, MultiProof.prove(WORKS, some.navigableKeySet(), MultiProof.of(all)));
        evidence.log(new Checkpoint(PLATFORM.name(), 9, root).sign(PLATFORM), List.of());
        return evidence;
    }

    static void assertReason(Runnable action, String reason) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
