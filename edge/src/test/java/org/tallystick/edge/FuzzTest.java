package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.edge.cache.Membership;
import org.tallystick.edge.disk.FaultyDisk;
import org.tallystick.edge.keys.Ed25519Provider;
import org.tallystick.edge.keys.Signatures;
import org.tallystick.edge.platform.PlatformClient;
import org.tallystick.edge.refusal.RefusalReason;
import org.tallystick.edge.spool.Quotas;
import org.tallystick.edge.spool.SpoolKit;
import org.tallystick.edge.tokens.Revocations;
import org.tallystick.edge.tokens.TokenGate;
import org.tallystick.edge.tokens.TokenVerdict;
import org.tallystick.protocol.codec.Fuzz;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.sign.JdkEd25519;

/** Damaged requests, tokens, dataset versions and spools: each gets a reason, and none changes anything. */
class FuzzTest {
    @TempDir
    Path dir;

    @Test
    void damagedRequestsAreAnsweredOrClosedAndLeaveNoWrongLeaf() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            List<ContentId> works = fixture.works(300, 5);
            String token = fixture.token(fixture.platform.publish(works));
            EdgeServer edge = fixture.start();
            byte[] good = RawHttp.get(
                            EdgeFixture.path(works.getFirst()),
                            token,
                            "Range: bytes=10-20",
                            "If-None-Match: \"x\"",
                            "If-Range: \"" + works.getFirst() + "\"",
                            "Connection: close")
                    .getBytes(StandardCharsets.ISO_8859_1);
            Seeds.check(1500, random -> {
                byte[] bad = Fuzz.mutate(random, good);
                try (RawHttp client = new RawHttp(edge.port())) {
                    client.timeout(5000);
                    client.sendAndFinish(bad);
                    while (true) {
                        RawHttp.Response response = client.read(bad.length > 0 && bad[0] == 'H');
                        assertThat(response.status()).isIn(200, 206, 304, 400, 401, 403, 404, 405, 412, 414, 416, 431);
                        if (response.status() < 400) {
                            fixture.verified(response);
                        }
                    }
                } catch (EOFException | SocketException e) {
                    assertThat(edge.port()).isPositive(); // closed: nothing more to say
                }
            });
            assertThat(EdgeFixture.health(edge).status()).isEqualTo(200);
            assertThat(fixture.call(RawHttp.get(EdgeFixture.path(works.getFirst()), token))
                            .status())
                    .isEqualTo(200);
            assertThat(edge.awaitDrained(java.time.Duration.ofSeconds(10))).isTrue();
            assertThat(fixture.platform.rejections).isEmpty();
        }
    }

    @Test
    void damagedTokensAreDeniedWithAReason() throws IOException {
        JdkEd25519 platform = JdkEd25519.ofSeed(new byte[32]);
        FaultyDisk disk = new FaultyDisk();
        MutableClock clock = new MutableClock(EdgeFixture.NOON);
        try (EdgeFixture fixture = new EdgeFixture(dir);
                PlatformClient client = new PlatformClient(fixture.platform.uri(), "tsk_x")) {
            TokenGate gate = new TokenGate(
                    () -> Optional.of(new org.tallystick.protocol.sign.DidKey(platform.publicKey())),
                    Ed25519Provider.choose(Signatures.AUTO).verifier(),
                    Revocations.open(disk, dir.resolve("revocations.json"), 1, client),
                    new Quotas(clock),
                    1,
                    Optional.empty());
            String token = EdgeFixture.token(fixture.grant(Hash.of(new byte[32])), platform);
            assertThat(gate.judge(token)).isInstanceOf(TokenVerdict.Granted.class);
            Seeds.check(20_000, random -> {
                String bad = new String(
                        Fuzz.mutate(random, token.getBytes(StandardCharsets.ISO_8859_1)), StandardCharsets.ISO_8859_1);
                if (!bad.equals(token)) {
                    assertThat(gate.judge(bad))
                            .isInstanceOfSatisfying(
                                    TokenVerdict.Denied.class,
                                    denied -> assertThat(denied.refusal().reason())
                                            .isIn(
                                                    RefusalReason.TOKEN_MALFORMED,
                                                    RefusalReason.TOKEN_SIGNATURE,
                                                    RefusalReason.TOKEN_WRONG_KEY,
                                                    RefusalReason.TOKEN_TOO_LONG));
                }
            });
            assertThat(gate.judge(token)).isInstanceOf(TokenVerdict.Granted.class);
        }
    }

    @Test
    void damagedDatasetVersionsAreRefused() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            Hash root = fixture.platform.publish(fixture.works(10, 20, 30));
            byte[] good = fixture.platform.datasets.getOrDefault(root, new byte[0]);
            assertThat(Membership.parse(root, good).size()).isEqualTo(3);
            Seeds.check(5000, random -> {
                byte[] bad = Fuzz.mutate(random, good);
                try {
                    Membership parsed = Membership.parse(root, bad);
                    assertThat(parsed.size())
                            .as("only what the root does not cover may differ")
                            .isEqualTo(3);
                } catch (MalformedException e) {
                    assertThat(e.reason()).contains("/");
                }
            });
        }
    }

    @Test
    void damagedSpoolsAreReadWithoutTrust() {
        Seeds.check(150, random -> {
            Path each = Files.createTempDirectory(dir, "spool");
            SpoolKit kit = new SpoolKit(each, 4096);
            for (int i = 0; i < 6; i++) {
                kit.append(1 + random.nextInt(12));
            }
            kit.spool.close();
            damage(random, kit.spoolDir);
            try {
                kit.reopen();
            } catch (IOException e) {
                throw new AssertionError("recovery must not give up", e);
            }
            List<Long> shipped = kit.shipAll(1 << 20);
            long last = 0;
            for (long number : shipped) {
                assertThat(number).as("a prefix, in order").isEqualTo(last + 1);
                last = number;
            }
        });
    }

    private static void damage(SplittableRandom random, Path spool) throws IOException {
        List<Path> segments;
        try (Stream<Path> files = Files.list(spool)) {
            segments = files.filter(file -> file.toString().endsWith(".seg"))
                    .sorted()
                    .toList();
        }
        Path file = segments.get(random.nextInt(segments.size()));
        Files.write(file, Fuzz.mutate(random, Files.readAllBytes(file)));
    }
}
