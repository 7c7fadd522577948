package org.tallystick.protocol.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.Deliveries;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.JobOrder;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafForm;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.ReleaseSeed;
import org.tallystick.protocol.receipt.ReleaseTable;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.tree.MerkleTree;
import org.tallystick.protocol.tree.MultiProof;
import org.tallystick.protocol.usage.CommittedUsage;

/** Whoever holds one receipt of a use that a close left out proves it; an honest close has an answer, and cannot be accused. */
class OmissionTest extends AnchoredFixture {
    private static final OmissionVerifier OMISSIONS = new OmissionVerifier(PLATFORM.key(), Deliveries.VERIFIER);
    private static final Instant NOON = Deliveries.START.plusSeconds(1_800);

    private boolean noSet;
    private Grant under = grant("buyer-7", root);
    private Batch sealed = sealed(delivery(1, LeafKind.FULL, 2, 100, 0, new byte[16]));
    private final List<Integer> extra = new ArrayList<>();
    private final List<Integer> shownLeaves = new ArrayList<>(List.of(0));
    private Optional<Omission.OrderPage> page = Optional.empty();
    private Json.Obj member = member(2, 100);

    @Override
    List<CommittedUsage.UsedSet> sets(Statement issued) {
        return noSet ? List.of(set("job-2", List.of(1))) : super.sets(issued);
    }

    private static Json.Obj member(int work, long bytes) {
        return Json.object()
                .put("bytes", bytes)
                .put("content_id", content(work).toString())
                .put("creator_id", work < 4 ? "creator-1" : "creator-2")
                .build();
    }

    private Leaf delivery(long sequence, LeafKind kind, int work, long bytes, long refers, byte[] salt) {
        return new Leaf(
                kind,
                Scope.TRAINING,
                false,
                3,
                2,
                sequence,
                NOON.toEpochMilli() + sequence,
                under.tokenId(),
                content(work),
                bytes,
                refers,
                salt);
    }

    private static Batch sealed(Leaf... leaves) {
        byte[] bytes = new byte[leaves.length * Leaf.LENGTH];
        for (int i = 0; i < leaves.length; i++) {
            leaves[i].encode(bytes, i * Leaf.LENGTH);
        }
        return Batch.seal(bytes, BatchHeader.NONE, Deliveries.EDGE);
    }

    /** A version of seven works that have lengths, so that bytes can be judged. */
    private List<Json.Obj> version() {
        List<Json.Obj> all = new ArrayList<>();
        for (int i = 0; i < WORKS; i++) {
            all.add(i == 2 ? member : member(i, 100));
        }
        return all;
    }

    private Hash versionRoot() {
        return MerkleTree.root(
                version().stream().map(m -> MerkleTree.leafHash(Jcs.bytes(m))).toList());
    }

    private void granted() {
        under = grant("buyer-7", versionRoot());
        sealed = sealed(delivery(1, LeafKind.FULL, 2, 100, 0, new byte[16]));
    }

    private Omission omission(long position) {
        log.set(GRANT, document("grant", under.claims()));
        LogEntry.BatchEntry at =
                new LogEntry.BatchEntry(Sha256.hash(sealed.encode()), 0, sealed.length(), sealed.signed());
        log.set(BATCH, at);
        log.set(FIRST_CLOSE, close(first(), position));
        StatementEvidence evidence = StatementEvidence.forOmission();
        TreeSet<Long> shown = new TreeSet<>(List.of((long) GRANT, (long) BATCH, (long) FIRST_CLOSE));
        extra.forEach(document -> shown.add((long) document));
        for (long document : shown) {
            if (log.get((int) document) instanceof LogEntry.DocumentEntry entry) {
                evidence.addDocument(document, entry);
            }
        }
        evidence.addCertificate(Deliveries.CERTIFICATE.sign(Deliveries.PLATFORM));
        evidence.addBatch(BATCH, at, sealed, shownLeaves);
        TreeMap<Long, Json.Obj> some = new TreeMap<>();
        for (int i = 0; i < WORKS; i++) {
            some.put((long) i, version().get(i));
        }
        List<Hash> all =
                version().stream().map(m -> MerkleTree.leafHash(Jcs.bytes(m))).toList();
        evidence.addVersion(
                versionRoot(), WORKS, some, MultiProof.prove(WORKS, some.navigableKeySet(), MultiProof.of(all)));
        OpenedUsage opened = opened(FIRST_CLOSE, first());
        evidence.addUsage(new OpenedUsage(
                opened.close(), opened.index(), opened.path(), opened.opening().withoutAmount()));
        sign(evidence, shown);
        return new Omission(PLATFORM.key(), evidence, page);
    }

    private void proves(boolean wholeSet) {
        byte[] file = omission(8).encode();
        assertThat(Omission.isOne(file)).isTrue();
        OmissionVerifier.Omitted omitted = OMISSIONS.verify(file);
        assertThat(omitted.receipt()).isEqualTo("r-3-2-1");
        assertThat(omitted.creator()).isEqualTo("creator-1");
        assertThat(omitted.wholeSet()).isEqualTo(wholeSet);
        assertThat(omitted.period()).isEqualTo("2026-01");
    }

    private void provesNothing(String reason) {
        byte[] file = omission(8).encode();
        assertReason(() -> OMISSIONS.verify(file), reason);
    }

    @Test
    void aUseThatACloseLeftOutIsProvenByOneReceipt() {
        granted();
        used = List.of(0, 1, 3);
        proves(false);
    }

    @Test
    void aWholeSetLeftOutIsProvenByOneReceipt() {
        granted();
        noSet = true;
        proves(true);
    }

    @Test
    void aCloseThatCountsItIsNotAccused() {
        granted();
        provesNothing("omission/counted");
    }

    @Test
    void aReceiptLoggedAfterTheClosesPositionProvesNothing() {
        granted();
        used = List.of(0);
        byte[] file = omission(BATCH).encode();
        assertReason(() -> OMISSIONS.verify(file), "evidence/position");
    }

    @Test
    void whatItsEdgeVoidedOrCutToNothingIsAnswered() {
        granted();
        used = List.of(0);
        Leaf delivery = delivery(1, LeafKind.FULL, 2, 100, 0, new byte[16]);
        sealed = sealed(delivery, delivery(2, LeafKind.VOID, 2, 0, 1, new byte[16]));
        proves(false);
        shownLeaves.add(1);
        provesNothing("omission/answered");
        sealed = sealed(delivery, delivery(2, LeafKind.CUT, 2, 40, 1, new byte[16]));
        proves(false);
        member = member.with(
                "free_ranges",
                Json.array(List.of(Json.object().put("from", 0).put("to", 40).build())));
        granted();
        sealed = sealed(
                delivery(1, LeafKind.FULL, 2, 100, 0, new byte[16]), delivery(2, LeafKind.CUT, 2, 40, 1, new byte[16]));
        provesNothing("omission/answered");
        sealed = sealed(
                delivery(1, LeafKind.FULL, 2, 100, 0, new byte[16]), delivery(2, LeafKind.CUT, 2, 41, 1, new byte[16]));
        proves(false);
    }

    @Test
    void freeBytesAndBytesTheWorkDoesNotHaveAreNoUse() {
        used = List.of(0);
        member = member.with(
                "free_ranges",
                Json.array(List.of(Json.object().put("from", 0).put("to", 100).build())));
        granted();
        provesNothing("omission/no-use");
        member = member(2, 99);
        granted();
        provesNothing("omission/bytes");
        member = member(2, 100);
        granted();
        sealed = sealed(delivery(1, LeafKind.HEAD, 2, 0, 0, new byte[16]));
        provesNothing("omission/no-use");
    }

    @Test
    void whatCameAfterTheEndOfJobTokenOrEdgeIsAnswered() {
        granted();
        used = List.of(0);
        log.set(1, at(NOON.minus(Duration.ofMinutes(10)), "job-closed", body("job", "job-1")));
        extra.add(1);
        provesNothing("omission/answered");
        log.set(1, at(NOON.minus(Duration.ofMinutes(10)).plusMillis(2), "job-closed", body("job", "job-1")));
        proves(false);
        log.set(1, at(Deliveries.START, "job-closed", body("job", "job-9")));
        proves(false);
        log.set(
                1,
                at(
                        Deliveries.START,
                        "grant-revoked",
                        body("token", under.tokenId().toString())));
        provesNothing("omission/answered");
        log.set(
                1,
                at(
                        Deliveries.START,
                        "edge-revoked",
                        Json.object().put("edge", 3).put("epoch", 2).build()));
        provesNothing("omission/answered");
        log.set(
                1,
                at(
                        Deliveries.START,
                        "edge-revoked",
                        Json.object().put("edge", 3).put("epoch", 1).build()));
        proves(false);
    }

    private static Json.Obj body(String name, String value) {
        return Json.object().put(name, value).build();
    }

    private static LogEntry.DocumentEntry at(Instant time, String type, Json.Obj body) {
        return new LogEntry.DocumentEntry(type, time, body);
    }

    @Test
    void whatAnotherGrantContractOrCreatorHasIsNoOmission() {
        granted();
        used = List.of(0);
        Batch under1 = sealed;
        under = grant("buyer-8", versionRoot());
        sealed = under1;
        provesNothing("omission/not-granted");
        granted();
        sealed = sealed(delivery(1, LeafKind.FULL, 5, 100, 0, new byte[16]));
        provesNothing("omission/not-shown");
        sealed = sealed(delivery(1, LeafKind.FULL, 9, 100, 0, new byte[16]));
        provesNothing("omission/member");
        granted();
        NoteKey other = NoteKey.of("log.example/other", Deliveries.PLATFORM.publicKey());
        byte[] file = new Omission(other, omission(8).evidence(), Optional.empty()).encode();
        assertReason(() -> OMISSIONS.verify(file), "omission/wrong-key");
    }

    @Test
    void anyMemberChangedIsRefusedOrProvesTheSame() {
        granted();
        used = List.of(0, 1, 3);
        Json.Obj honest = (Json.Obj) Json.parse(omission(8).encode());
        OmissionVerifier.Omitted proven = OMISSIONS.verify(Jcs.bytes(honest));
        java.util.SplittableRandom random = new java.util.SplittableRandom(5);
        int refused = 0;
        for (int lie = 0; lie < 1_000; lie++) {
            Json changed = Changed.anywhere(honest, random);
            try {
                assertThat(OMISSIONS.verify(Jcs.bytes(changed)))
                        .as("lie " + lie)
                        .isEqualTo(proven);
            } catch (MalformedException e) {
                assertThat(e.reason()).isNotBlank();
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(500);
    }

    @Test
    void aDeliveryUnderAnOrderNeedsTheWorksReleaseKey() {
        used = List.of(0);
        ReleaseSeed seed = new ReleaseSeed(Deliveries.seed("order"));
        ReleaseTable table = seed.table(WORKS, ordinal -> ordinal != 3);
        ordered(table, NOON.plusSeconds(60), seed.key(2).bytes());
        proves(false);
        ordered(table, NOON, seed.key(2).bytes());
        provesNothing("omission/not-ordered");
        ordered(table, NOON.plusSeconds(60), seed.key(1).bytes());
        provesNothing("omission/not-ordered");
        ordered(
                seed.table(WORKS, ordinal -> ordinal != 2),
                NOON.plusSeconds(60),
                seed.key(2).bytes());
        provesNothing("omission/not-ordered");
        ordered(table, NOON.plusSeconds(60), seed.key(2).bytes());
        page = Optional.of(new Omission.OrderPage(new byte[1_024], List.of()));
        provesNothing("omission/not-ordered");
        page = Optional.empty();
        provesNothing("omission/page");
        extra.clear();
        provesNothing("omission/parts");
    }

    /** An order in the log, a grant under it, and a delivery that shows a key. */
    private void ordered(ReleaseTable table, Instant ends, byte[] key) {
        JobOrder order = JobOrder.of("cnf-1", "job-1", 1, Scope.TRAINING, versionRoot(), table, ends);
        Json.Obj body = Json.object()
                .put("order", order.sign(CREATOR))
                .put("table", content(1).toString())
                .build();
        log.set(1, document("job-order", body));
        extra.clear();
        extra.add(1);
        page = Optional.of(new Omission.OrderPage(table.page(0), List.of()));
        under = new Grant(
                "log.example/tally",
                "buyer-7",
                "cnf-1",
                "job-1",
                Scope.TRAINING,
                versionRoot(),
                Deliveries.START,
                Deliveries.START.plusSeconds(3_600),
                Optional.empty(),
                List.of(),
                Optional.of(order.claim()),
                List.of(3));
        sealed = sealed(new Leaf(
                LeafForm.CURRENT,
                LeafKind.FULL,
                Scope.TRAINING,
                false,
                true,
                3,
                2,
                1,
                NOON.toEpochMilli() + 1,
                under.tokenId(),
                content(2),
                0,
                100,
                0,
                key));
    }
}
