package org.tallystick.platform.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.ClockSkew;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.EdgeCertificate;

/** What proves itself and what does not, bit by bit. */
class ShippedBundleTest {
    @TempDir
    static Path dir;

    private static DeliveriesWorld world;
    private static TestEdge edge;
    private static EdgeCertificate certificate;
    private static byte[] sound;
    private static DeliveriesWorld.State before;

    @BeforeAll
    static void open() {
        world = new DeliveriesWorld(dir);
        edge = world.edge("honest");
        certificate = world.edges.certificate(edge.number(), 1).orElseThrow().certificate();
        sound = TestEdge.bundle(edge.seal(3), edge.seal(1), edge.lose(2).seal(2));
        before = world.state();
    }

    @AfterAll
    static void close() {
        assertThat(world.state()).isEqualTo(before);
        edge.ship(sound).orThrow();
        world.close();
    }

    @Test
    void aSoundBundleProvesItself() {
        ShippedBundle bundle = ShippedBundle.read(sound);
        prove(bundle);
        assertThat(bundle.batches()).hasSize(3);
        assertThat(bundle.endingBefore(1)).isZero();
        assertThat(bundle.endingBefore(4)).isEqualTo(1);
        assertThat(bundle.endingBefore(5)).isEqualTo(2);
        assertThat(bundle.endingBefore(8)).isEqualTo(2);
        assertThat(bundle.endingBefore(9)).isEqualTo(3);
        ShippedBundle rest = bundle.from(1);
        assertThat(rest.bytes()).isEqualTo(Arrays.copyOfRange(sound, bundle.offset(1), sound.length));
        assertThat(rest.offset(1)).isEqualTo(bundle.offset(2) - bundle.offset(1));
        prove(rest);
        assertThat(bundle.from(0)).isSameAs(bundle);
    }

    @Test
    void everyFlippedBitIsRefused() {
        List<Integer> accepted = new ArrayList<>();
        for (int bit = 0; bit < sound.length * 8; bit++) {
            byte[] changed = flipped(sound, bit);
            try {
                ShippedBundle bundle = ShippedBundle.read(changed);
                prove(bundle);
                accepted.add(bit);
            } catch (MalformedException e) {
                assertThat(e.reason()).matches("(batch|leaf|delivery|scope)/[a-z-]+");
            }
        }
        assertThat(accepted).isEmpty();
    }

    @Test
    void noChangedByteGetsThroughTheDoor() {
        Seeds.check(150, random -> {
            byte[] changed = sound.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                changed = flipped(changed, random.nextInt(sound.length * 8));
            }
            if (!Arrays.equals(changed, sound)) {
                assertThat(edge.ship(changed).isAccepted()).isFalse();
            }
        });
    }

    @Test
    void noCutOrPatchworkGetsThroughTheDoor() {
        Seeds.check(100, random -> {
            int from = random.nextInt(sound.length);
            int to = from + random.nextInt(sound.length - from);
            byte[] cut = Arrays.copyOfRange(sound, from, to);
            byte[] patched = Arrays.copyOf(cut, cut.length + random.nextInt(sound.length));
            System.arraycopy(sound, 0, patched, cut.length, patched.length - cut.length);
            if (from > 0) {
                assertThat(edge.ship(cut).isAccepted()).isFalse();
                assertThat(edge.ship(patched).isAccepted()).isFalse();
            }
        });
    }

    @Test
    void theFirstBatchThatFailsIsTheOneNamed() {
        Batch one = edge.seal(101, 1, edge.previous());
        Batch two =
                edge.seal(edge.epoch(), 102, 1, one.header().hash(), now().plus(Duration.ofMinutes(10)), edge.key());
        Batch three = edge.seal(edge.epoch(), 103, 1, two.header().hash(), now(), ContractFixture.signer("stranger"));
        for (int i = 0; i < 20; i++) {
            assertReason(TestEdge.bundle(one, two, three), "delivery/future-dated");
        }
        assertReason(
                TestEdge.bundle(edge.seal(
                        edge.epoch(), 104, 1, three.header().hash(), now(), ContractFixture.signer("stranger"))),
                "batch/signature");
    }

    private static void assertReason(byte[] bundle, String reason) {
        ShippedBundle read = ShippedBundle.read(bundle);
        assertThatThrownBy(() -> prove(read))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static void prove(ShippedBundle bundle) {
        bundle.prove(certificate, now().plus(ClockSkew.MOST), ContractFixture.VERIFIER);
    }

    private static Instant now() {
        return world.world.clock.instant();
    }

    private static byte[] flipped(byte[] bytes, int bit) {
        byte[] changed = bytes.clone();
        changed[bit / 8] ^= (byte) (1 << (bit % 8));
        return changed;
    }
}
