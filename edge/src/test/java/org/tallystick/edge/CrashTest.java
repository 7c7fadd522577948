package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.edge.disk.FaultyDisk;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.Receipt;

/**
 * Every step the edge takes on its disk fails in every way, as an error or as the end of the machine, and each time:
 * every receipt a consumer holds is with the platform, no number stands for two leaves, and what is missing is a gap
 * anyone can see.
 */
class CrashTest {
    @TempDir
    Path dir;

    /** Step, which one of its kind from the start of the second phase on, whether it can be half done. */
    private static final String STEPS = """
            write seg       | 1 | half
            write seg       | 2 | half
            write seg       | 3 | half
            write seg       | 4 | half
            sync seg        | 1 |
            sync seg        | 3 |
            open seg        | 1 | half
            truncate seg    | 1 |
            replace numbers | 1 | half
            replace ack     | 1 | half
            delete seg      | 1 |
            open work       | 1 |
            write work      | 1 | half
            rename work     | 1 |
            """;

    @Test
    void aStepThatFailsLosesNothing() throws IOException {
        run(STEPS, false, false);
    }

    @Test
    void aMachineThatDiesLosesNothingThatWasPromised() throws IOException {
        run(STEPS, true, false);
    }

    @Test
    void aProcessThatDiesLosesNothingThatWasPromised() throws IOException {
        run(
                STEPS.lines()
                        .filter(row -> row.contains("seg") && row.contains("1"))
                        .collect(Collectors.joining("\n")),
                true,
                true);
    }

    private void run(String steps, boolean deadly, boolean keepUnsynced) throws IOException {
        for (String row : steps.lines().toList()) {
            String[] cells = row.split("\\|", -1);
            for (FaultyDisk.Mode mode : FaultyDisk.Mode.values()) {
                if (mode == FaultyDisk.Mode.TORN && !cells[2].contains("half")) {
                    continue;
                }
                String name = row.strip() + " " + mode + (deadly ? " and the end" : "");
                Path each = Files.createTempDirectory(dir, "case");
                try (EdgeFixture fixture = new EdgeFixture(each)) {
                    int nth = Integer.parseInt(cells[1].strip());
                    scenario(fixture, new Case(cells[0].strip(), nth, mode, deadly, keepUnsynced));
                } catch (AssertionError | RuntimeException | IOException e) {
                    throw new AssertionError(name, e);
                }
            }
        }
    }

    private record Case(String step, int nth, FaultyDisk.Mode mode, boolean deadly, boolean keepUnsynced) {}

    private static void scenario(EdgeFixture fixture, Case each) throws IOException {
        fixture.settings.put("segmentBytes", "4KiB");
        fixture.settings.put("reservationBlock", "8");
        List<ContentId> works = fixture.works(100, 200, 300, 400, 500, 600, 700, 800);
        String token = fixture.token(fixture.platform.publish(works));
        List<Receipt> held = new ArrayList<>();
        fixture.start();
        deliver(fixture, works.subList(0, 4), token, 6, held);
        if (each.keepUnsynced()) {
            fixture.disk.keepUnsynced();
        }
        int before =
                (int) fixture.disk.steps().stream().filter(each.step()::equals).count();
        fixture.disk.inject(new FaultyDisk.Fault(each.step(), before + each.nth(), each.mode(), each.deadly()));
        int refused = deliver(fixture, works, token, 30, held);
        if (each.deadly()) {
            fixture.crash();
            fixture.start();
        } else if (!each.step().contains("ack") && !each.step().contains("delete") && fixture.disk.struck()) {
            assertThat(refused).as("the failure showed").isLessThanOrEqualTo(4);
        }
        assertThat(deliver(fixture, works, token, 10, held))
                .as("all is well again")
                .isZero();
        assertThat(fixture.running.orElseThrow().awaitDrained(Duration.ofSeconds(10)))
                .isTrue();
        fixture.stop();
        fixture.start();
        assertThat(deliver(fixture, works, token, 2, held)).isZero();
        assertThat(fixture.running.orElseThrow().awaitDrained(Duration.ofSeconds(10)))
                .isTrue();
        check(fixture, held);
    }

    /** Fetches round robin, one by one; answers how many were not delivered. */
    private static int deliver(EdgeFixture fixture, List<ContentId> works, String token, int times, List<Receipt> held)
            throws IOException {
        int failed = 0;
        for (int i = 0; i < times; i++) {
            ContentId work = works.get(i % works.size());
            try (RawHttp client = fixture.client()) {
                client.timeout(3000);
                RawHttp.Response response = client.call(RawHttp.get(EdgeFixture.path(work), token));
                if (response.status() == 200) {
                    assertThat(ContentId.of(response.body())).isEqualTo(work);
                    held.add(fixture.verified(response));
                } else {
                    assertThat(response.problem()).isIn("spool/unavailable", "cache/unavailable");
                    assertThat(response.has("Tallystick-Receipt")).isFalse();
                    failed++;
                }
            } catch (EOFException | SocketException e) {
                failed++;
            }
        }
        return failed;
    }

    private static void check(EdgeFixture fixture, List<Receipt> held) {
        assertThat(fixture.platform.rejections).isEmpty();
        TreeMap<Long, Leaf> taken = new TreeMap<>();
        fixture.platform.leaves(1).forEach(leaf -> taken.put(leaf.sequence(), leaf));
        for (Receipt receipt : held) {
            assertThat(taken.get(receipt.leaf().sequence())).isEqualTo(receipt.leaf());
        }
        assertThat(held).extracting(receipt -> receipt.leaf().sequence()).doesNotHaveDuplicates();
        TreeSet<Long> missing = new TreeSet<>();
        for (long number = 1; number <= taken.lastKey(); number++) {
            if (!taken.containsKey(number)) {
                missing.add(number);
            }
        }
        TreeSet<Long> gaps = new TreeSet<>();
        synchronized (fixture.platform) {
            for (long[] gap : fixture.platform.taken.getOrDefault(1, new StubPlatform.Taken()).gaps) {
                for (long number = gap[0]; number <= gap[1]; number++) {
                    gaps.add(number);
                }
            }
        }
        assertThat(gaps).isEqualTo(missing);
        assertThat(missing.size()).as("a crash skips at most a block").isLessThan(12);
    }

    @Test
    void theFirstStartMayDieAtAnyStep() throws IOException {
        List<String> steps =
                List.of("replace identity", "replace pending", "replace numbers", "replace epoch", "delete pending");
        for (String step : steps) {
            for (FaultyDisk.Mode mode : FaultyDisk.Mode.values()) {
                for (boolean deadly : new boolean[] {false, true}) {
                    Path each = Files.createTempDirectory(dir, "first");
                    try (EdgeFixture fixture = new EdgeFixture(each)) {
                        firstStart(fixture, new FaultyDisk.Fault(step, 1, mode, deadly));
                    } catch (AssertionError | RuntimeException | IOException e) {
                        throw new AssertionError(step + " " + mode + " " + deadly, e);
                    }
                }
            }
        }
    }

    private static void firstStart(EdgeFixture fixture, FaultyDisk.Fault fault) throws IOException {
        List<ContentId> works = fixture.works(100);
        String token = fixture.token(fixture.platform.publish(works));
        fixture.disk.inject(fault);
        fixture.launch();
        EdgeFixture.await("the fault strikes", () -> fixture.disk.struck());
        if (fault.deadly()) {
            fixture.crash();
            fixture.launch();
        }
        EdgeServer edge = fixture.running.orElseThrow();
        EdgeFixture.await("the edge serves", () -> EdgeFixture.health(edge).status() == 200);
        List<Receipt> held = new ArrayList<>();
        assertThat(deliver(fixture, works, token, 3, held)).isZero();
        assertThat(edge.awaitDrained(Duration.ofSeconds(10))).isTrue();
        int epochs = fixture.platform.certificates.size();
        assertThat(epochs).as("the same key is certified again, not another").isEqualTo(1);
        assertThat(fixture.platform.leaves(1)).hasSize(3);
    }
}
