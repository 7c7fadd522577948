package org.tallystick.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.tallystick.platform.delivery.Intake;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;

/** An edge that has sealed its receipts into batches of 1 024 and has them on disk, cut into bundles, ready to ship. */
final class MeterEdge {
    private static final int MOST = Intake.MAX_BUNDLE / Batch.length(BatchHeader.MAX_COUNT);

    private final BenchEdge edge;
    private final Path directory;
    private final List<Path> files = new ArrayList<>();
    private final SplittableRandom salts;
    private long next = 1;
    private Hash previous = BatchHeader.NONE;

    MeterEdge(BenchEdge edge, Path directory) {
        this.edge = edge;
        this.directory = directory;
        this.salts = new SplittableRandom(edge.number());
    }

    /**
     * Seals the deliveries of this edge: from {@code from} to {@code to} every {@code edges}th one, beginning with
     * {@code turn}.
     */
    void seal(MeterSetup setup, long from, long to, int turn) {
        byte[] leaves = new byte[BatchHeader.MAX_COUNT * Leaf.LENGTH];
        ByteArrayOutputStream bundle = new ByteArrayOutputStream(Intake.MAX_BUNDLE);
        long time = InstantSource.system().millis();
        int open = 0;
        int batches = 0;
        long first = from + Math.floorMod(turn - from, (long) MeterSetup.EDGES);
        for (long delivery = first; delivery < to; delivery += MeterSetup.EDGES) {
            leaf(setup, delivery, time).encode(leaves, open++ * Leaf.LENGTH);
            boolean end = delivery + MeterSetup.EDGES >= to;
            if (open == BatchHeader.MAX_COUNT || end) {
                seal(open == BatchHeader.MAX_COUNT ? leaves : Arrays.copyOf(leaves, open * Leaf.LENGTH), bundle);
                open = 0;
                batches++;
            }
            if (batches == MOST || end) {
                write(bundle);
                batches = 0;
            }
        }
    }

    private Leaf leaf(MeterSetup setup, long delivery, long time) {
        MeterScale scale = setup.scale();
        long use = scale.useOf(delivery);
        Grant grant = setup.grants().get(scale.jobOf(use));
        byte[] salt = new byte[Leaf.SALT_LENGTH];
        salts.nextBytes(salt);
        return new Leaf(
                LeafKind.FULL,
                grant.scope(),
                false,
                edge.number(),
                edge.epoch(),
                next++,
                time,
                grant.tokenId(),
                setup.members().get(scale.workOf(use)).content(),
                20_000,
                0,
                salt);
    }

    private void seal(byte[] leaves, ByteArrayOutputStream bundle) {
        Batch batch = Batch.seal(leaves, previous, edge.key());
        previous = batch.header().hash();
        bundle.writeBytes(batch.encode());
    }

    private void write(ByteArrayOutputStream bundle) {
        try {
            Files.createDirectories(directory);
            Path file = directory.resolve(files.size() + ".bundle");
            Files.write(file, bundle.toByteArray());
            files.add(file);
            bundle.reset();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ships everything that lies on disk. */
    void ship(Intake intake) {
        for (Path file : files) {
            try {
                intake.accept(edge.principal(), Files.readAllBytes(file)).orThrow();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Removes what was shipped. */
    void clear() throws IOException {
        for (Path file : files) {
            Files.delete(file);
        }
        files.clear();
    }
}
