package org.tallystick.edge;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.tree.MerkleTree;

/** Makes epochs and sealed batches without a server around them. */
final class SpoolKit {
    static final long TIME = EdgeFixture.NOON.toEpochMilli();
    static final byte[] SEED = new byte[32];

    private static final JdkEd25519 PLATFORM = JdkEd25519.ofSeed(new byte[32]);
    private static final Signer SIGNER =
            Ed25519Provider.choose(Signatures.BOUNCY_CASTLE).signer(SEED);
    static final EdgeCertificate CERTIFICATE = new EdgeCertificate(
            1,
            "edge one",
            1,
            new DidKey(SIGNER.publicKey()),
            EdgeFixture.NOON.minus(Duration.ofDays(1)),
            EdgeFixture.NOON.plus(Duration.ofDays(1)));

    final InstantSource clock = InstantSource.fixed(EdgeFixture.NOON);
    final Path dir;
    final Path spoolDir;
    final int segmentBytes;
    FaultyDisk disk = new FaultyDisk();
    Quotas quotas = new Quotas(clock);
    Spool spool;
    long next = 1;

    SpoolKit(Path dir, int segmentBytes) throws IOException {
        this.dir = dir;
        this.spoolDir = dir.resolve("spool");
        this.segmentBytes = segmentBytes;
        this.spool = Spool.open(disk, spoolDir, 1, segmentBytes, quotas);
    }

    /** Opens the directory again, as a new process does. */
    void reopen() throws IOException {
        quotas = new Quotas(clock);
        spool = Spool.open(disk, spoolDir, 1, segmentBytes, quotas);
    }

    EpochSpool epoch() {
        return spool.epoch(1);
    }

    /** A batch of the next numbers, with leaves that follow from their numbers; not appended. */
    SealedBatch batch(int count, TokenVerdict.Granted granted) throws IOException {
        Numbers numbers = Numbers.create(disk, dir.resolve("unused.numbers"), 1);
        Epoch epoch = new Epoch(CERTIFICATE, "", SIGNER, SEED, numbers, epoch());
        byte[] leaves = new byte[count * Leaf.LENGTH];
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            long number = next + i;
            bytes += number;
            new Leaf(
                            LeafKind.FULL,
                            Scope.TRAINING,
                            true,
                            1,
                            1,
                            number,
                            TIME,
                            granted.token(),
                            new ContentId(MerkleTree.emptyRoot()),
                            number,
                            0,
                            epoch.salt(number))
                    .encode(leaves, i * Leaf.LENGTH);
        }
        SealedBatch batch = SealedBatch.seal(epoch, next, leaves, new SealedBatch.Totals(TIME, TIME, count, bytes));
        next += count;
        return batch;
    }

    void append(int count) throws IOException {
        append(count, granted(Optional.empty()));
    }

    void append(int count, TokenVerdict.Granted granted) throws IOException {
        SealedBatch batch = batch(count, granted);
        List<Quotas.Quota> used = granted.quota().map(List::of).orElse(List.of());
        epoch().append(batch.header(), batch.signed(), batch.leaves(), quotas, quotas.undeclared(used));
        granted.quota().ifPresent(quota -> quota.sealed(count));
    }

    TokenVerdict.Granted granted(Optional<Long> quota) {
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
        return new TokenVerdict.Granted(grant, quota.map(limit -> quotas.of(grant, limit)));
    }

    /** Sequence numbers of all leaves that {@code next} hands out until there are no more, acknowledging each bundle. */
    List<Long> shipAll(int maxBytes) throws IOException {
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
