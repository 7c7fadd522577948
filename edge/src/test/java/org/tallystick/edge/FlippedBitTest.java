package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.edge.disk.FaultyDisk;
import org.tallystick.edge.platform.PlatformClient;
import org.tallystick.edge.spool.AcknowledgedFile;
import org.tallystick.edge.spool.SpoolKit;
import org.tallystick.edge.tokens.Revocations;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.Receipt;

/**
 * One bit of anything the edge keeps on disk is flipped while it is down. It may then refuse to start, fetch something
 * again, ship more than needed or begin a new epoch; it must not ship or sign over what is wrong, use a number twice,
 * forget a receipt without saying so, or serve other bytes.
 */
class FlippedBitTest {
    @TempDir
    Path dir;

    @Test
    void whereverABitIsFlippedNothingWrongIsShippedOrServed() {
        Seeds.check(15, random -> {
            Path each = Files.createTempDirectory(dir, "run");
            try (EdgeFixture fixture = new EdgeFixture(each)) {
                run(fixture, random);
            }
        });
    }

    private static void run(EdgeFixture fixture, SplittableRandom random) throws IOException {
        fixture.settings.put("segmentBytes", "4KiB");
        fixture.settings.put("reservationBlock", "8");
        List<ContentId> works = fixture.works(100, 2000, 30_000);
        String token = fixture.token(fixture.platform.publish(works));
        List<Receipt> held = new ArrayList<>();
        EdgeServer first = fixture.start();
        deliver(fixture, works, token, 12, held);
        EdgeFixture.await(
                "some is shipped", () -> StubPlatform.unchecked(() -> fixture.metric("unacknowledged_leaves") < 12));
        fixture.platform.away = true;
        deliver(fixture, works, token, 9, held);
        if (random.nextBoolean()) {
            fixture.crash();
        } else {
            first.close();
        }
        String flipped = flip(fixture.dir, random);
        fixture.platform.away = false;
        try {
            fixture.launch();
        } catch (IOException | RuntimeException e) {
            assertThat(flipped).as("what it cannot start without").contains("identity");
            return;
        }
        if (!flipped.contains("identity")) { // with another platform's key it waits for ever
            EdgeFixture.await(
                    flipped,
                    () -> EdgeFixture.health(fixture.running.orElseThrow()).status() == 200);
        }
        deliver(fixture, works, token, 6, held);
        check(fixture, held, flipped);
    }

    private static void deliver(EdgeFixture fixture, List<ContentId> works, String token, int times, List<Receipt> held)
            throws IOException {
        for (int i = 0; i < times; i++) {
            ContentId work = works.get(i % works.size());
            RawHttp.Response response = fixture.call(RawHttp.get(EdgeFixture.path(work), token));
            if (response.status() == 200) {
                assertThat(ContentId.of(response.body())).isEqualTo(work);
                held.add(fixture.verified(response));
            }
        }
    }

    private static String flip(Path data, SplittableRandom random) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(data)) {
            files = all.filter(Files::isRegularFile)
                    .filter(file -> StubPlatform.unchecked(() -> Files.size(file)) > 0)
                    .sorted()
                    .toList();
        }
        Path file = files.get(random.nextInt(files.size()));
        byte[] bytes = Files.readAllBytes(file);
        int at = random.nextInt(bytes.length);
        int bit = random.nextInt(8);
        bytes[at] ^= (byte) (1 << bit);
        Files.write(file, bytes);
        return data.relativize(file) + " byte " + at + " bit " + bit;
    }

    private static void check(EdgeFixture fixture, List<Receipt> held, String flipped) {
        EdgeServer edge = fixture.running.orElseThrow();
        EdgeFixture.await(
                "shipped or said: " + flipped,
                () -> missing(fixture, held).stream().allMatch(leaf -> isBlocked(edge, leaf.epoch())));
        synchronized (fixture.platform) {
            assertThat(fixture.platform.rejections).as(flipped).isEmpty();
        }
        Map<String, Leaf> byNumber = new HashMap<>();
        for (Receipt receipt : held) {
            String number = receipt.leaf().epoch() + "/" + receipt.leaf().sequence();
            assertThat(byNumber.put(number, receipt.leaf()))
                    .as(number + ": " + flipped)
                    .isNull();
        }
    }

    /** Whether the edge says that it cannot ship an epoch; the epochs beside it go on and take their time. */
    private static boolean isBlocked(EdgeServer edge, int epoch) {
        String health = health(edge);
        int blocked = health.indexOf("\"blocked\"");
        return blocked >= 0 && health.indexOf("\"" + epoch + "\":", blocked) >= 0;
    }

    private static String health(EdgeServer edge) {
        return new String(EdgeFixture.health(edge).body(), StandardCharsets.UTF_8);
    }

    private static List<Leaf> missing(EdgeFixture fixture, List<Receipt> held) {
        List<Leaf> there = fixture.platform.standing();
        return held.stream()
                .map(Receipt::leaf)
                .filter(leaf -> !there.contains(leaf))
                .toList();
    }

    @Test
    void anAcknowledgementThatRottedIsNeverReadLarger() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 1 << 20);
        for (int i = 0; i < 45; i++) {
            kit.append(1);
        }
        kit.shipAll(1 << 20);
        kit.spool.close();
        Path file = dir.resolve("spool").resolve("1.ack");
        AcknowledgedFile acknowledged = new AcknowledgedFile(new FaultyDisk(), dir.resolve("spool"), 1);
        byte[] good = Files.readAllBytes(file);
        assertThat(acknowledged.read()).isEqualTo(45);
        for (int at = 0; at < good.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) (1 << bit);
                Files.write(file, bad);
                assertThat(acknowledged.read()).as(at + "/" + bit).isZero();
            }
            Files.write(file, java.util.Arrays.copyOf(good, at));
            assertThat(acknowledged.read()).as("cut at " + at).isZero();
        }
    }

    @Test
    void revocationsThatRottedAreAskedForFromTheBeginning() throws IOException {
        try (StubPlatform platform = new StubPlatform();
                PlatformClient client = new PlatformClient(platform.uri(), StubPlatform.API_KEY)) {
            Path file = dir.resolve("revocations.json");
            FaultyDisk disk = new FaultyDisk();
            platform.revokeToken("A".repeat(32));
            platform.revokeContract("contract-1");
            Revocations.open(disk, file, 1, client).poll();
            byte[] good = Files.readAllBytes(file);
            assertThat(Revocations.open(disk, file, 1, client).position()).isEqualTo(2);
            for (int at = 0; at < good.length; at++) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) (1 << at % 8);
                Files.write(file, bad);
                assertThat(Revocations.open(disk, file, 1, client).position())
                        .as("byte " + at)
                        .isZero();
            }
        }
    }
}
