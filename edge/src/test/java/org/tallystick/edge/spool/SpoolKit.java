package org.tallystick.edge.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.tallystick.edge.EdgeFixture;
import org.tallystick.edge.disk.FaultyDisk;
import org.tallystick.edge.keys.Ed25519Provider;
import org.tallystick.edge.keys.Signatures;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafForm;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.receipt.SignedHeader;
import org.tallystick.protocol.receipt.TokenId;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.tree.BatchTree;
import org.tallystick.protocol.tree.MerkleTree;

/** A spool of one epoch, and signed batches in it, without a server around them. */
public final class SpoolKit {
    static final long TIME = EdgeFixture.NOON.toEpochMilli();

    private static final JdkEd25519 PLATFORM = JdkEd25519.ofSeed(new byte[32]);
    private static final Signer SIGNER =
            Ed25519Provider.choose(Signatures.BOUNCY_CASTLE).signer(new byte[32]);
    static final EdgeCertificate CERTIFICATE = new EdgeCertificate(
            1,
            "edge one",
            1,
            new DidKey(SIGNER.publicKey()),
            EdgeFixture.NOON.minus(Duration.ofDays(1)),
            EdgeFixture.NOON.plus(Duration.ofDays(1)));

    final InstantSource clock = InstantSource.fixed(EdgeFixture.NOON);
    final Path dir;
    public final Path spoolDir;
    final int segmentBytes;
    FaultyDisk disk = new FaultyDisk();
    Quotas quotas = new Quotas(clock);
    public Spool spool;
    long next = 1;
    boolean zeroSalts; // as where a consumer chose a release key of zeros

    public SpoolKit(Path dir, int segmentBytes) throws IOException {
        this.dir = dir;
        this.spoolDir = dir.resolve("spool");
        this.segmentBytes = segmentBytes;
        this.spool = Spool.open(disk, spoolDir, 1, segmentBytes, quotas);
    }

    /** Opens the directory again, as a new process does. */
    public void reopen() throws IOException {
        quotas = new Quotas(clock);
        spool = Spool.open(disk, spoolDir, 1, segmentBytes, quotas);
    }

    EpochSpool epoch() {
        return spool.epoch(1);
    }

    /** Who deliveries are made to. */
    record Consumer(TokenId token, Optional<Quotas.Quota> quota) {}

    public void append(int count) throws IOException {
        append(count, consumer(Optional.empty()));
    }

    /** Appends a batch of the next numbers, with leaves that follow from their numbers. */
    void append(int count, Consumer consumer) throws IOException {
        byte[] leaves = new byte[count * Leaf.LENGTH];
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            long number = next + i;
            bytes += number;
            int work = (int) number;
            consumer.quota().ifPresent(quota -> quota.take(work, 1000));
            new Leaf(
                            LeafKind.FULL,
                            Scope.TRAINING,
                            true,
                            1,
                            1,
                            number,
                            TIME,
                            consumer.token(),
                            new ContentId(MerkleTree.emptyRoot()),
                            number,
                            0,
                            zeroSalts ? new byte[Leaf.SALT_LENGTH] : salt(number))
                    .encode(leaves, i * Leaf.LENGTH);
        }
        BatchTree tree = BatchTree.of(leaves, 0, Leaf.LENGTH, count);
        BatchHeader header = new BatchHeader(
                LeafForm.CURRENT, 1, 1, next, count, TIME, TIME, tree.root(), count, bytes, epoch().previous());
        next += count;
        List<Quotas.Quota> used = consumer.quota().map(List::of).orElse(List.of());
        byte[] signed = SignedHeader.sign(header, SIGNER).encode();
        byte[] additions = quotas.additions(used);
        boolean written = false;
        try {
            epoch().append(header, signed, leaves, quotas, additions);
            written = true;
        } finally {
            quotas.settle(used, written);
        }
    }

    /** As good as random, as real salts are: a run of zeros would look like a write that was cut short. */
    private static byte[] salt(long number) {
        byte[] input = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        return Arrays.copyOf(Sha256.hash(input).toBytes(), Leaf.SALT_LENGTH);
    }

    Consumer consumer(Optional<Long> quota) {
        Grant grant = new Grant(
                "test.example/log",
                "buyer-1",
                "contract-1",
                "job-" + quota.orElse(0L),
                Scope.TRAINING,
                Hash.of(new byte[32]),
                EdgeFixture.NOON.minusSeconds(60),
                EdgeFixture.NOON.plusSeconds(60),
                quota);
        return new Consumer(grant.tokenId(), quota.map(limit -> quotas.of(grant, limit)));
    }

    /** A segment of batches of one leaf in which a byte of the second is changed and every checksum is right again. */
    public static byte[] forged(byte[] segment, int at) {
        byte[] bad = segment.clone();
        int frame = SegmentFormat.FRAME + Batch.length(1) + SegmentFormat.MARK;
        bad[SegmentFormat.HEAD + frame + SegmentFormat.FRAME + at] ^= 1;
        int payload = SegmentFormat.HEAD + frame + SegmentFormat.FRAME;
        ByteBuffer head = ByteBuffer.wrap(bad);
        head.putInt(payload - 8, SegmentFormat.crc(bad, payload, frame - SegmentFormat.FRAME));
        head.putInt(payload - 4, SegmentFormat.crc(bad, payload - 16, 12));
        return bad;
    }

    /** Sequence numbers of all leaves that {@code next} hands out until there are no more, acknowledging each bundle. */
    public List<Long> shipAll(int maxBytes) throws IOException {
        List<Long> numbers = new ArrayList<>();
        Optional<Outbox.Bundle> bundle = epoch().outbox().next(maxBytes);
        while (bundle.isPresent()) {
            numbers.addAll(numbers(bundle.get()));
            epoch().outbox().acknowledge(bundle.get(), bundle.get().last());
            bundle = epoch().outbox().next(maxBytes);
        }
        return numbers;
    }

    static List<Long> numbers(Outbox.Bundle bundle) {
        List<Long> numbers = new ArrayList<>();
        for (Batch batch : Batch.decodeAll(bundle.body())) {
            batch.check();
            batch.signed().verify(CERTIFICATE, JdkEd25519.verifier());
            for (int i = 0; i < batch.header().count(); i++) {
                numbers.add(batch.leaf(i).sequence());
            }
        }
        return numbers;
    }

    static Signer platform() {
        return PLATFORM;
    }
}
