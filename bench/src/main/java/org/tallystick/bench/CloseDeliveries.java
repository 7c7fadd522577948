package org.tallystick.bench;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.tallystick.platform.delivery.Intake;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.receipt.TokenId;

/** What one edge delivers for a close to bill: sealed into batches, shipped in bundles as large as intake takes them. */
final class CloseDeliveries {
    private final CloseScale scale;
    private final BenchEdge edge;
    private final Intake intake;
    private final AtomicLong delivered;
    private final SplittableRandom random;
    private final byte[] leaves;
    private final byte[] salt = new byte[Leaf.SALT_LENGTH];
    private final byte[] bundle = new byte[Intake.MAX_BUNDLE];
    private Hash previous = BatchHeader.NONE;
    private long sequence;
    private int open;
    private int length;

    /** @param delivered counted up by what was shipped */
    CloseDeliveries(CloseScale scale, BenchEdge edge, Intake intake, AtomicLong delivered) {
        this.scale = scale;
        this.edge = edge;
        this.intake = intake;
        this.delivered = delivered;
        this.random = new SplittableRandom(edge.number());
        this.leaves = new byte[scale.leaves() * Leaf.LENGTH];
    }

    /**
     * Delivers everything a job's buyer asks for.
     *
     * @param contents of the works of the job's dataset, 32 bytes each
     */
    void job(Grant grant, byte[] contents) {
        TokenId token = grant.tokenId();
        long stride = scale.stride();
        for (int use = 0; use < scale.works(); use++) {
            int work = (int) (use * stride % scale.works());
            ContentId content = new ContentId(Hash.at(contents, work * Hash.BYTES));
            deliver(grant.scope(), token, content);
            if (CloseScale.isRepeated(use)) {
                deliver(grant.scope(), token, content);
            }
        }
    }

    private void deliver(Scope scope, TokenId token, ContentId content) {
        random.nextBytes(salt);
        sequence++;
        new Leaf(
                        LeafKind.FULL,
                        scope,
                        false,
                        edge.number(),
                        edge.epoch(),
                        sequence,
                        CloseSetup.START.toEpochMilli() + sequence % 3_600_000,
                        token,
                        content,
                        20_000,
                        0,
                        salt)
                .encode(leaves, open++ * Leaf.LENGTH);
        if (open == this.scale.leaves()) {
            seal();
        }
    }

    private void seal() {
        Batch batch = Batch.seal(Arrays.copyOf(leaves, open * Leaf.LENGTH), previous, edge.key());
        previous = batch.header().hash();
        if (length + batch.length() > bundle.length) {
            ship();
        }
        System.arraycopy(batch.encode(), 0, bundle, length, batch.length());
        length += batch.length();
        delivered.addAndGet(open);
        open = 0;
    }

    /** Ships what is left. */
    void finish() {
        if (open > 0) {
            seal();
        }
        ship();
    }

    private void ship() {
        if (length > 0) {
            intake.accept(edge.principal(), Arrays.copyOf(bundle, length)).orThrow();
            length = 0;
        }
    }
}
