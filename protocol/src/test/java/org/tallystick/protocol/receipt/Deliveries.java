package org.tallystick.protocol.receipt;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.Verifier;

/** A platform, an edge and a grant with fixed keys, and leaves as that edge would leave them. */
public final class Deliveries {
    public static final Instant START = Instant.parse("2026-01-05T12:00:00Z");
    public static final JdkEd25519 PLATFORM = JdkEd25519.ofSeed(seed("platform"));
    public static final JdkEd25519 EDGE = JdkEd25519.ofSeed(seed("edge"));
    public static final Verifier VERIFIER = JdkEd25519.verifier();
    public static final Grant GRANT = new Grant(
            "log.example/tally",
            "buyer-7",
            "cnf-123456",
            "job-1",
            Scope.TRAINING,
            Sha256.hash("version".getBytes(StandardCharsets.UTF_8)),
            START,
            START.plusSeconds(3600),
            Optional.of(1000L));
    public static final EdgeCertificate CERTIFICATE = new EdgeCertificate(
            3, "edge of the tests", 2, new DidKey(EDGE.publicKey()), START, START.plusSeconds(86_400));

    private Deliveries() {}

    public static byte[] seed(String name) {
        return Sha256.hash(name.getBytes(StandardCharsets.UTF_8)).toBytes();
    }

    /** The leaf with that sequence number, always the same. */
    public static Leaf leaf(long sequence) {
        return leaf(LeafForm.CURRENT, sequence);
    }

    static Leaf leaf(LeafForm form, long sequence) {
        ContentId content = ContentId.of(("work " + sequence % 7).getBytes(StandardCharsets.UTF_8));
        byte[] salt = Arrays.copyOf(seed("salt " + sequence), Leaf.SALT_LENGTH);
        boolean voids = sequence % 5 == 0;
        return new Leaf(
                form,
                voids ? LeafKind.VOID : LeafKind.FULL,
                Scope.TRAINING,
                sequence % 2 == 0,
                form != LeafForm.ONE && sequence % 3 == 1 && !voids,
                3,
                2,
                sequence,
                START.toEpochMilli() + sequence,
                GRANT.tokenId(),
                content,
                0,
                voids ? 0 : 1000 + sequence,
                voids ? sequence - 1 : 0,
                salt);
    }

    /** The batch of leaves {@code first} to {@code first + count - 1}. */
    public static Batch batch(long first, int count, Hash previous) {
        return batch(LeafForm.CURRENT, first, count, previous);
    }

    public static Batch batch(LeafForm form, long first, int count, Hash previous) {
        byte[] leaves = new byte[count * form.length()];
        for (int i = 0; i < count; i++) {
            leaf(form, first + i).encode(leaves, i * form.length());
        }
        return Batch.seal(leaves, previous, EDGE);
    }

    static Leaf randomLeaf(SplittableRandom random) {
        LeafForm form = random.nextBoolean() ? LeafForm.ONE : LeafForm.TWO;
        LeafKind kind = LeafKind.ofCode(1 + random.nextInt(form == LeafForm.ONE ? 5 : 6));
        boolean hasBytes = kind == LeafKind.FULL || kind == LeafKind.PARTIAL || kind == LeafKind.CUT;
        long sequence = 2 + random.nextLong(1L << 50);
        long back = 1 + random.nextLong(Math.min(sequence - 1, (1L << 32) - 1));
        return new Leaf(
                form,
                kind,
                Scope.ofCode(1 + random.nextInt(4)),
                random.nextBoolean(),
                form != LeafForm.ONE && kind.meters() && random.nextBoolean(),
                1 + random.nextInt(Integer.MAX_VALUE),
                1 + random.nextInt(Integer.MAX_VALUE),
                sequence,
                random.nextLong(1L << 45),
                new TokenId(Seeds.bytes(random, TokenId.LENGTH)),
                new ContentId(Hash.of(Seeds.bytes(random, 32))),
                form != LeafForm.ONE && kind == LeafKind.PARTIAL ? random.nextLong(1L << 45) : 0,
                hasBytes ? 1 + random.nextLong(1L << 45) : 0,
                kind.refers() ? sequence - back : 0,
                Seeds.bytes(random, Leaf.SALT_LENGTH));
    }
}
