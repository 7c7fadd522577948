package org.tallystick.platform.delivery;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.receipt.TokenId;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Signer;

/** An edge that seals real batches: dense, chained, signed, as long as it is not told to lie. */
final class TestEdge {
    private static final TokenId TOKEN = new TokenId(new byte[TokenId.LENGTH]);

    private DeliveriesWorld world;
    private final Edge edge;
    private final Principal principal;
    private final SplittableRandom random = new SplittableRandom(7);
    private Signer key = ContractFixture.signer("no key yet");
    private int epoch;
    private long next = 1;
    private Hash previous = BatchHeader.NONE;

    TestEdge(DeliveriesWorld world, Edge edge) {
        this.world = world;
        this.edge = edge;
        this.principal = new Principal(edge.party(), Role.EDGE);
    }

    /** Begins an epoch with a key of its own. */
    TestEdge certified(String keyName) {
        key = ContractFixture.signer(edge.name() + keyName);
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
    TestEdge at(DeliveriesWorld other) {
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
