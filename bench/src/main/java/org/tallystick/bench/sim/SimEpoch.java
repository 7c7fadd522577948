package org.tallystick.bench.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.tallystick.platform.delivery.Gap;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.sign.Signer;

/**
 * What an edge does under one key: numbers leaves without holes, reserves numbers before it uses them, seals leaves into
 * chained batches, and keeps these until they are acknowledged. What is not sealed is lost in a crash.
 */
final class SimEpoch {
    private static final int RESERVED_AT_ONCE = 16;

    private final EdgeCertificate certificate;
    private final Signer key;
    private final SplittableRandom random;
    private final List<Leaf> open = new ArrayList<>();
    private final List<Batch> sealed = new ArrayList<>();
    private long next = 1;
    private long reserved;
    private Hash previous = BatchHeader.NONE;
    private long acknowledged;

    SimEpoch(EdgeCertificate certificate, Signer key, SplittableRandom random) {
        this.certificate = certificate;
        this.key = key;
        this.random = random;
    }

    EdgeCertificate certificate() {
        return certificate;
    }

    int number() {
        return certificate.epoch();
    }

    Leaf leave(LeafKind kind, Grant grant, ContentId content, long time, long voids) {
        byte[] salt = new byte[Leaf.SALT_LENGTH];
        random.nextBytes(salt);
        if (next > reserved) {
            reserved = next + RESERVED_AT_ONCE - 1;
        }
        long bytes = switch (kind) {
            case FULL -> SimContracts.WORK_BYTES;
            case PARTIAL, CUT -> 1 + random.nextInt(SimContracts.WORK_BYTES);
            case NOT_MODIFIED, HEAD, VOID -> 0;
        };
        Leaf leaf = new Leaf(
                kind,
                grant.scope(),
                random.nextBoolean(),
                certificate.edge(),
                number(),
                next++,
                time,
                grant.tokenId(),
                content,
                bytes,
                voids,
                salt);
        open.add(leaf);
        return leaf;
    }

    /** Seals what is open; from then on it is durable. */
    Optional<Batch> seal() {
        if (open.isEmpty()) {
            return Optional.empty();
        }
        Batch batch = seal(open, previous);
        open.clear();
        sealed.add(batch);
        previous = batch.header().hash();
        return Optional.of(batch);
    }

    private Batch seal(List<Leaf> leaves, Hash after) {
        byte[] bytes = new byte[leaves.size() * Leaf.LENGTH];
        for (int i = 0; i < leaves.size(); i++) {
            leaves.get(i).encode(bytes, i * Leaf.LENGTH);
        }
        return Batch.seal(bytes, after, key);
    }

    /** Signs another batch with the numbers of a sealed one, as only a dishonest edge does. */
    Optional<Batch> forge() {
        if (sealed.isEmpty()) {
            return Optional.empty();
        }
        Batch batch = sealed.get(random.nextInt(sealed.size()));
        List<Leaf> leaves = new ArrayList<>();
        for (int i = 0; i < batch.header().count(); i++) {
            Leaf leaf = batch.leaf(i);
            byte[] salt = leaf.salt();
            salt[0] ^= 1;
            leaves.add(new Leaf(
                    leaf.kind(),
                    leaf.scope(),
                    leaf.cached(),
                    leaf.edge(),
                    leaf.epoch(),
                    leaf.sequence(),
                    leaf.time(),
                    leaf.token(),
                    leaf.content(),
                    leaf.bytes(),
                    leaf.refers(),
                    salt));
        }
        return Optional.of(seal(leaves, batch.header().previous()));
    }

    /**
     * Simulates a crash: loses what was not sealed, and the numbers reserved for it.
     *
     * @return how many leaves were lost
     */
    int crash() {
        int lost = open.size();
        open.clear();
        next = Math.max(next, reserved + 1);
        return lost;
    }

    List<Batch> sealed() {
        return sealed;
    }

    /** The last number that is durable, 0 for none. */
    long last() {
        return sealed.isEmpty() ? 0 : sealed.getLast().header().last();
    }

    /** Records up to which number the platform has acknowledged. */
    void acknowledge(long number) {
        acknowledged = Math.max(acknowledged, number);
    }

    long acknowledged() {
        return acknowledged;
    }

    boolean isShipped() {
        return acknowledged >= last();
    }

    /** Some batches in a row to ship, beginning with the first that is not acknowledged or a little before it. */
    List<Batch> toShip() {
        int from = 0;
        while (from < sealed.size() && sealed.get(from).header().last() <= acknowledged) {
            from++;
        }
        from = Math.max(0, from - random.nextInt(3));
        int to = Math.min(sealed.size(), from + 1 + random.nextInt(6));
        return sealed.subList(from, to);
    }

    /** The sequence numbers missing between its batches. */
    List<Gap> gaps() {
        List<Gap> gaps = new ArrayList<>();
        long expected = 1;
        for (Batch batch : sealed) {
            BatchHeader header = batch.header();
            if (header.first() > expected) {
                gaps.add(new Gap(header.edge(), header.epoch(), expected, header.first() - 1, 0));
            }
            expected = header.last() + 1;
        }
        return gaps;
    }
}
