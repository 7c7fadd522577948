package org.tallystick.platform.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.UnavailableException;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.Line;
import org.tallystick.platform.log.LogDamagedException;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.Scope;

/** Folding and saving while the line to the database breaks and while bits turn over in what is read. */
class MeteringFaultTest {
    @TempDir
    Path dir;

    private final SplittableRandom random = new SplittableRandom(11);
    private Market market;
    private ContractId contract;
    private Grant grant;
    private Market.TestEdge edge;

    @BeforeEach
    void open() {
        market = new Market(dir, 6);
        contract = market.contract("cnf-1");
        grant = market.token(market.job(contract, "job-1"), Scope.TRAINING);
        edge = market.edge("e");
    }

    @AfterEach
    void close() {
        market.close();
    }

    private Metering on(Database database) {
        return new Metering(
                database,
                market.world.sequencer,
                market.world.log,
                market.world.blobs,
                market.delivery,
                market.world.catalog);
    }

    private void deliver() {
        Member work = market.members.get(random.nextInt(market.members.size()));
        Leaf delivered = edge.deliver(grant, work);
        if (random.nextInt(3) == 0) {
            edge.takeBack(delivered, grant);
        }
        edge.ship();
    }

    private Map<PartyId, Long> counted() {
        return market.read(tx -> market.metering().totals(tx, List.of(contract)));
    }

    private Map<PartyId, Long> expected() {
        Map<PartyId, Long> expected = new HashMap<>();
        market.standing(grant)
                .forEach(ordinal -> expected.merge(market.members.get(ordinal).creator(), 1L, Long::sum));
        return expected;
    }

    /** The line breaks before, or right after, each message that folding and saving sends. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyMessageToTheDatabase(boolean arrives) throws IOException {
        try (Line line = new Line(market.world.database);
                Database database = line.database();
                Metering metering = on(database)) {
            boolean cut = true;
            int message = 0;
            for (; cut; message++) {
                deliver();
                long before = market.metering().position();
                line.cutAt(message, arrives);
                try {
                    metering.catchUp();
                } catch (UnavailableException e) {
                    assertThat(market.metering().position()).isIn(before, market.world.log.size());
                }
                cut = line.wasCut();
                line.mend();
                assertThat(patiently(metering)).isEqualTo(market.world.log.size());
                assertThat(counted()).as("message %s", message).isEqualTo(expected());
            }
            assertThat(message).isGreaterThan(3);
        }
        assertThat(market.metering().check()).isEmpty();
    }

    /** Connections that were cut may lie in the pool still. */
    private static long patiently(Metering metering) {
        for (int i = 0; ; i++) {
            try {
                return metering.catchUp();
            } catch (UnavailableException e) {
                assertThat(i).as(e.getMessage()).isLessThan(30);
            }
        }
    }

    /** Bits of every column of a saved set, an epoch and the position. */
    @Test
    void aFlippedBitOfWhatIsSavedIsFoundBeforeItCounts() {
        for (int i = 0; i < 20; i++) {
            deliver();
        }
        market.metering().catchUp();
        deliver();
        for (String column : List.of("counts", "positions", "dataset", "checksum")) {
            someBits("metering.usage_set", column);
        }
        for (String column : List.of("seen", "voided", "positions", "checksum")) {
            someBits("metering.epoch", column);
        }
        someBits("metering.progress", "checksum");
        for (String column : List.of("bucket_start", "bucket_end", "works")) {
            changed("update metering.usage_set set " + column + " = " + column + " # 1", this::foldsAndCounts);
        }
        for (int bit = 0; bit < 12; bit++) {
            changed("update metering.progress set position = position # " + (1 << bit), this::foldsAndCounts);
        }
        changed("update metering.usage_set set scope = scope # 3", this::counted);
        changed("update metering.usage_set set job = reverse(job)", this::counted);
        market.restart();
        assertThat(market.metering().catchUp()).isEqualTo(market.world.log.size());
        assertThat(counted()).isEqualTo(expected());
    }

    private void someBits(String table, String column) {
        int bits = 8
                * market.read(tx -> tx.select("select length(" + column + ") from " + table)
                        .mapTo(Integer.class)
                        .first());
        for (int bit = random.nextInt(20); bit < bits; bit += 1 + random.nextInt(bits / 6)) {
            String place = column + ", " + bit;
            String flipped = "set_bit(" + place + ", 1 - get_bit(" + place + "))";
            changed("update " + table + " set " + column + " = " + flipped, this::foldsAndCounts);
        }
    }

    private void foldsAndCounts() {
        market.metering().catchUp();
        counted();
    }

    /** @param change its own opposite */
    private void changed(String change, Runnable use) {
        market.world.database.write(tx -> tx.execute(change));
        market.restart();
        assertThatThrownBy(use::run)
                .as(change)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("changed in the database");
        market.world.database.write(tx -> tx.execute(change));
    }

    /** A bundle, packed or not, and the list of works a packed one names. */
    @Test
    void aFlippedBitOfABundleIsFoundBeforeItCounts() {
        for (int i = 0; i < 60; i++) {
            edge.deliver(grant, market.members.get(i % market.members.size()));
        }
        edge.ship();
        Path bundle = bundleOfLastBatch();
        flipped(bundle);
        market.metering().catchUp();
        market.metering().pack();
        flipped(bundle.resolveSibling(bundle.getFileName() + ".pack"));
        market.metering().rebuild();
        assertThat(counted()).isEqualTo(expected());
    }

    private Path bundleOfLastBatch() {
        LogEntry last = market.world.sequencer.entry(market.world.log.size() - 1);
        String hex = ((LogEntry.BatchEntry) last).bundle().hex();
        return dir.resolve("blobs").resolve(hex.substring(0, 2)).resolve(hex);
    }

    private void flipped(Path file) {
        byte[] good = read(file);
        for (int at = 0; at < good.length; at += 1 + random.nextInt(good.length / 10)) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << random.nextInt(8));
            write(file, bad);
            market.restart();
            assertThatThrownBy(() -> market.metering().rebuild())
                    .as("byte %s of %s", at, file.getFileName())
                    .isInstanceOf(LogDamagedException.class);
            assertThat(counted()).isEmpty();
        }
        write(file, good);
        market.metering().rebuild();
        assertThat(counted()).isEqualTo(expected());
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
