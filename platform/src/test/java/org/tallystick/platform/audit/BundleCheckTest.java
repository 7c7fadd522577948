package org.tallystick.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.platform.metering.Market;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.JobClosed;
import org.tallystick.protocol.receipt.JobOrder;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.receipt.TokenId;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Jws;
import org.tallystick.protocol.sign.Signer;

/** Logs that no honest platform would have written: what the walk over the batches says of each. */
class BundleCheckTest {
    private static final Signer EDGE = ContractFixture.signer("an edge");
    private static final Signer BUYER = ContractFixture.signer("a buyer");
    private static final Signer OTHER = ContractFixture.signer("another edge");

    @TempDir
    Path dir;

    private TransparencyLog log;
    private BlobStore blobs;

    @BeforeEach
    void open() {
        log = TransparencyLog.open(dir.resolve("log"), Market.noteSigner(), ContractFixture.VERIFIER);
        blobs = BlobStore.open(dir.resolve("blobs"));
    }

    @AfterEach
    void close() {
        blobs.close();
        log.close();
    }

    private void certify(int edge, int epoch, Signer key, Signer issuer) {
        String certificate = new EdgeCertificate(
                        edge,
                        "edge " + edge,
                        epoch,
                        new DidKey(key.publicKey()),
                        ContractFixture.START.minusSeconds(60),
                        ContractFixture.START.plusSeconds(3600))
                .sign(issuer);
        append(new LogEntry.DocumentEntry(
                "edge-certificate",
                ContractFixture.START,
                Json.object().put("certificate", certificate).build()));
    }

    private long append(LogEntry entry) {
        return log.append(List.of(entry.encode()));
    }

    private static Batch batch(int epoch, long first, int count, Hash previous, Signer key) {
        byte[] bytes = new byte[count * Leaf.LENGTH];
        for (int i = 0; i < count; i++) {
            new Leaf(
                            LeafKind.FULL,
                            Scope.TRAINING,
                            false,
                            1,
                            epoch,
                            first + i,
                            ContractFixture.START.toEpochMilli(),
                            new TokenId(new byte[24]),
                            ContentId.of(new byte[] {1}),
                            10,
                            0,
                            new byte[Leaf.SALT_LENGTH])
                    .encode(bytes, i * Leaf.LENGTH);
        }
        return Batch.seal(bytes, previous, key);
    }

    private Hash append(Batch batch) {
        Hash bundle = blobs.put(batch.encode()).id().hash();
        append(new LogEntry.BatchEntry(bundle, 0, batch.length(), batch.signed()));
        return batch.header().hash();
    }

    private Finding check() {
        return new BundleCheck(log, blobs, AuditWorld.platform(), ContractFixture.VERIFIER, new BundleCheck.Listener() {
                    @Override
                    public void before(long position) {}

                    @Override
                    public void batch(long position, Batch batch) {}

                    @Override
                    public void document(long position, LogEntry.DocumentEntry entry) {}
                })
                .run();
    }

    private void says(String... words) {
        assertThat(check().differences()).singleElement().asString().contains(words);
    }

    @Test
    void batchesInOrderAreFine() {
        certify(1, 1, EDGE, ContractFixture.signer("platform"));
        Hash one = append(batch(1, 1, 3, BatchHeader.NONE, EDGE));
        append(batch(1, 4, 2, one, EDGE));
        Finding finding = check();
        assertThat(finding.differences()).isEmpty();
        assertThat(finding.notes()).isEmpty();
        assertThat(finding.checked()).isEqualTo("5 receipts in 2 batches");
    }

    @Test
    void aGapIsNoDamageAndIsListedWithItsNumbers() {
        certify(1, 1, EDGE, ContractFixture.signer("platform"));
        Hash one = append(batch(1, 3, 1, BatchHeader.NONE, EDGE));
        append(batch(1, 10, 1, one, EDGE));
        Finding finding = check();
        assertThat(finding.differences()).isEmpty();
        assertThat(finding.notes())
                .containsExactly("edge 1 epoch 1 lost the numbers 1 to 2", "edge 1 epoch 1 lost the numbers 4 to 9");
    }

    @Test
    void aBatchWithoutACertificate() {
        append(batch(1, 1, 1, BatchHeader.NONE, EDGE));
        says("log entry 0", "batch/no-certificate", "edge 1 epoch 1");
    }

    @Test
    void aBatchOfAnEpochNobodyCertified() {
        certify(1, 1, EDGE, ContractFixture.signer("platform"));
        append(batch(2, 1, 1, BatchHeader.NONE, EDGE));
        says("log entry 1", "batch/no-certificate", "epoch 2");
    }

    @Test
    void aCertificateNotSignedByThePlatform() {
        certify(1, 1, EDGE, OTHER);
        says("log entry 0", "jws/wrong-key");
    }

    @Test
    void aBatchSignedWithAnotherKey() {
        certify(1, 1, EDGE, ContractFixture.signer("platform"));
        append(batch(1, 1, 1, BatchHeader.NONE, OTHER));
        says("log entry 1", "signature");
    }

    @Test
    void aNumberUsedTwice() {
        certify(1, 1, EDGE, ContractFixture.signer("platform"));
        Hash one = append(batch(1, 1, 3, BatchHeader.NONE, EDGE));
        append(batch(1, 3, 1, one, EDGE));
        says("log entry 2", "sequence number 3 was used before");
    }

    @Test
    void aBatchThatDoesNotFollow() {
        certify(1, 1, EDGE, ContractFixture.signer("platform"));
        append(batch(1, 1, 3, BatchHeader.NONE, EDGE));
        append(batch(1, 4, 1, BatchHeader.NONE, EDGE));
        says("log entry 2", "does not follow the edge's previous one");
    }

    @Test
    void aBundleThatHoldsAnotherBatch() {
        certify(1, 1, EDGE, ContractFixture.signer("platform"));
        Batch one = batch(1, 1, 2, BatchHeader.NONE, EDGE);
        Batch two = batch(1, 1, 2, one.header().hash(), EDGE);
        Hash bundle = blobs.put(two.encode()).id().hash();
        append(new LogEntry.BatchEntry(bundle, 0, one.length(), one.signed()));
        says("log entry 1", "the bundle holds another batch than the log says");
    }

    @Test
    void aLeafThatIsNotUnderTheSignedRoot() {
        certify(1, 1, EDGE, ContractFixture.signer("platform"));
        Batch one = batch(1, 1, 2, BatchHeader.NONE, EDGE);
        byte[] changed = one.encode();
        changed[changed.length - 3] ^= 1;
        Hash bundle = blobs.put(changed).id().hash();
        append(new LogEntry.BatchEntry(bundle, 0, one.length(), one.signed()));
        says("log entry 1", "batch/root");
    }

    @Test
    void anEntryThatIsNoEntry() {
        List<byte[]> bad = new ArrayList<>();
        bad.add(new byte[] {9, 9});
        bad.add("{\"type\":\"x\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        log.append(bad);
        assertThat(check().differences()).hasSize(2).allMatch(line -> line.startsWith("log entry "));
        assertThat(check().differences().getFirst()).contains("entry/format");
    }

    @Test
    void anOffsetOutsideTheBundle() {
        certify(1, 1, EDGE, ContractFixture.signer("platform"));
        Batch one = batch(1, 1, 2, BatchHeader.NONE, EDGE);
        Hash bundle = blobs.put(one.encode()).id().hash();
        append(new LogEntry.BatchEntry(bundle, 0xfffffff0L, one.length(), one.signed()));
        append(new LogEntry.BatchEntry(bundle, one.length(), one.length(), one.signed()));
        List<String> differences = check().differences();
        assertThat(differences).anySatisfy(line -> assertThat(line).contains("log entry 1"));
        assertThat(differences).anySatisfy(line -> assertThat(line).contains("log entry 2", "batch/"));
    }

    private void document(String type, Json.Obj body) {
        append(new LogEntry.DocumentEntry(type, ContractFixture.START, body));
    }

    private void buyerWithAJob() {
        document(
                "party",
                Json.object()
                        .put("id", "acme")
                        .put("role", "buyer")
                        .put("key", new DidKey(BUYER.publicKey()).toString())
                        .build());
        document(
                "job",
                Json.object()
                        .put("job", "job-1")
                        .put("contract", "contract-1")
                        .put("buyer", "acme")
                        .build());
    }

    private void order(String contract, String job, Signer signer) {
        JobOrder order = new JobOrder(
                contract,
                job,
                1,
                Scope.TRAINING,
                BatchHeader.NONE,
                1,
                1,
                "0".repeat(32),
                BatchHeader.NONE,
                ContractFixture.START.plusSeconds(60));
        document("job-order", Json.object().put("order", order.sign(signer)).build());
    }

    private void acknowledged(String job, Signer signer) {
        JobClosed closed = JobClosed.of("contract-1", job, BatchHeader.NONE, List.of(), List.of());
        document(
                "job-closed",
                Json.object()
                        .put("job", "job-1")
                        .put("acknowledgement", closed.sign(signer))
                        .build());
    }

    @Test
    void whatTheBuyerSignedIsFine() {
        buyerWithAJob();
        order("contract-1", "job-1", BUYER);
        acknowledged("job-1", BUYER);
        assertThat(check().differences()).isEmpty();
    }

    @Test
    void aKeyReplacedEarlierStillCountsAndTheNewOneToo() {
        buyerWithAJob();
        document(
                "key-rotated",
                Json.object()
                        .put("id", "acme")
                        .put("key", new DidKey(OTHER.publicKey()).toString())
                        .build());
        order("contract-1", "job-1", BUYER);
        order("contract-1", "job-1", OTHER);
        assertThat(check().differences()).isEmpty();
    }

    @Test
    void anOrderThePlatformMadeUp() {
        buyerWithAJob();
        order("contract-1", "job-1", OTHER);
        says("log entry 2", "entry/signer", "acme");
    }

    @Test
    void anOrderSignedByAKeyThatOnlyALaterEntryGives() {
        buyerWithAJob();
        order("contract-1", "job-1", OTHER);
        document(
                "key-rotated",
                Json.object()
                        .put("id", "acme")
                        .put("key", new DidKey(OTHER.publicKey()).toString())
                        .build());
        says("log entry 2", "entry/signer");
    }

    @Test
    void anOrderOfAnotherContractOrOfNoJob() {
        buyerWithAJob();
        order("contract-2", "job-1", BUYER);
        order("contract-1", "job-2", BUYER);
        assertThat(check().differences())
                .satisfiesExactly(
                        line -> assertThat(line).contains("log entry 2", "entry/signer", "contract-2"),
                        line -> assertThat(line).contains("log entry 3", "entry/signer", "job-2"));
    }

    @Test
    void anOrderChangedAfterItWasSigned() {
        buyerWithAJob();
        JobOrder order = new JobOrder(
                "contract-1",
                "job-1",
                1,
                Scope.TRAINING,
                BatchHeader.NONE,
                1,
                1,
                "0".repeat(32),
                BatchHeader.NONE,
                ContractFixture.START.plusSeconds(60));
        String[] parts = order.sign(BUYER).split("\\.");
        String more = Jws.sign(JobOrder.TYPE, order.payload(), OTHER).compact().split("\\.")[2];
        document(
                "job-order",
                Json.object()
                        .put("order", parts[0] + "." + parts[1] + "." + more)
                        .build());
        says("log entry 2", "jws/");
    }

    @Test
    void anAcknowledgementOfAnotherJobOrByAnother() {
        buyerWithAJob();
        acknowledged("job-2", BUYER);
        acknowledged("job-1", OTHER);
        assertThat(check().differences())
                .satisfiesExactly(
                        line -> assertThat(line).contains("log entry 2", "entry/signer", "job-2"),
                        line -> assertThat(line).contains("log entry 3", "entry/signer", "acme"));
    }

    @Test
    void aTypeNobodyKnowsIsNamed() {
        document("gift", Json.object().put("to", "acme").build());
        says("log entry 0", "entry/unknown-type", "gift");
    }
}
