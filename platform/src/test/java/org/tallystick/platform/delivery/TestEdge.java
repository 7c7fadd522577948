package org.tallystick.platform.delivery;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.tallystick.platform.contract.World;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.Batch;
import org.tallystick.protocol.BatchHeader;
import org.tallystick.protocol.ContentId;
import org.tallystick.protocol.DidKey;
import org.tallystick.protocol.Hash;
import org.tallystick.protocol.Leaf;
import org.tallystick.protocol.LeafKind;
import org.tallystick.protocol.Scope;
import org.tallystick.protocol.Signer;
import org.tallystick.protocol.TokenId;

/** An edge that seals real batches: dense, chained, signed, as long as it is not told to lie. */
final class TestEdge {
    private static final TokenId TOKEN = new TokenId(new byte[TokenId.LENGTH]);

    private DeliveryWorld world;
    private final Edge edge;
    private final Principal principal;
    private final SplittableRandom random = new SplittableRandom(7);
    private Signer key = World.signer("no key yet");
    private int epoch;
    private long next = 1;
    private Hash previous = BatchHeader.NONE;

    TestEdge(DeliveryWorld world, Edge edge) {
        this.world = world;
        this.edge = edge;
        this.principal = new Principal(edge.party(), Role.EDGE);
    }

    /** Begins an epoch with a key of its own. */
    TestEdge certified(String keyName) {
        key = World.signer(edge.name() + keyName);
        epoch = world.edges
                .certify(principal, edge.number(), did(), proof())
                .orThrow()
                .certificate()
                .epoch();
        next = 1;
        previous = BatchHeader.NONE;
        return this;
    }

    /** Ships to that world from now on. */
    TestEdge at(DeliveryWorld other) {
        world = other;
        return this;
    }

    int number() {
        return edge.number();
    }

    int epoch() {
        return epoch;
    }

    long next() {
        return next;
    }

    Hash previous() {
        return previous;
    }

    Signer key() {
        return key;
    }

    Principal principal() {
        return principal;
    }

    DidKey did() {
        return new DidKey(key.publicKey());
    }

    byte[] proof() {
        return key.sign(Edges.proofMessage(edge.number(), did()));
    }

    /** Passes over so many numbers, as after a crash. */
    TestEdge lose(int count) {
        next += count;
        return this;
    }

    /** The next batch of its chain. */
    Batch seal(int count) {
        Batch batch = seal(next, count, previous);
        next += count;
        previous = batch.header().hash();
        return batch;
    }

    /** Any batch, signed with its key; its own chain does not move. */
    Batch seal(long first, int count, Hash before) {
        return seal(epoch, first, count, before, world.world.clock.instant(), key);
    }

    Batch seal(int inEpoch, long first, int count, Hash before, Instant time, Signer signer) {
        byte[] leaves = new byte[count * Leaf.LENGTH];
        for (int i = 0; i < count; i++) {
            byte[] salt = new byte[Leaf.SALT_LENGTH];
            random.nextBytes(salt);
            ContentId content = ContentId.of(("work " + random.nextInt(5)).getBytes(StandardCharsets.UTF_8));
            new Leaf(
                            LeafKind.FULL,
                            Scope.TRAINING,
                            false,
                            edge.number(),
                            inEpoch,
                            first + i,
                            time.toEpochMilli(),
                            TOKEN,
                            content,
                            100,
                            0,
                            salt)
                    .encode(leaves, i * Leaf.LENGTH);
        }
        return Batch.seal(leaves, before, signer);
    }

    Outcome<Acknowledgement> ship(Batch... batches) {
        return ship(bundle(batches));
    }

    Outcome<Acknowledgement> ship(byte[] bundle) {
        return world.intake.accept(principal, bundle);
    }

    static byte[] bundle(Batch... batches) {
        return bundle(Arrays.asList(batches));
    }

    static byte[] bundle(List<Batch> batches) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        batches.forEach(batch -> bytes.writeBytes(batch.encode()));
        return bytes.toByteArray();
    }
}
