package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tallystick.edge.keys.Signatures;
import org.tallystick.edge.spool.SpoolKit;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.Receipt;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.JdkEd25519;

/** Keys, certificates and clocks: when an epoch goes on, when a new one begins, what is never signed. */
class EpochTest extends EdgeOfOneWork {
    private Leaf deliver() throws IOException {
        RawHttp.Response response = fixture.call(request);
        assertThat(response.status()).isEqualTo(200);
        return fixture.verified(response).leaf();
    }

    @Test
    void theEpochGoesOnAfterAStopAndAfterACrash() throws IOException {
        fixture.start();
        assertThat(deliver().sequence()).isEqualTo(1);
        fixture.stop();
        fixture.start();
        assertThat(deliver().sequence()).as("no gap").isEqualTo(2);
        fixture.crash();
        fixture.start();
        assertThat(deliver().sequence()).as("after the reservation").isEqualTo(1002);
        assertThat(drained()).isTrue();
        assertThat(fixture.platform.certificates).hasSize(1);
        synchronized (fixture.platform) {
            assertThat(fixture.platform.taken.getOrDefault(1, new StubPlatform.Taken()).gaps)
                    .containsExactly(new long[] {3, 1001});
        }
    }

    @Test
    void aLostKeyBeginsANewEpoch() throws IOException {
        fixture.start();
        deliver();
        assertThat(drained()).isTrue();
        fixture.stop();
        Files.delete(dir.resolve("epochs/0000000001.json"));
        fixture.start();
        Leaf leaf = deliver();
        assertThat(leaf.epoch()).isEqualTo(2);
        assertThat(leaf.sequence()).isEqualTo(1);
        assertThat(drained()).isTrue();
        assertThat(fixture.platform.leaves(2)).hasSize(1);
    }

    @Test
    void lostNumbersBeginANewEpochAndWhatWasSealedIsStillShipped() throws IOException {
        fixture.start();
        deliver();
        assertThat(drained()).isTrue();
        fixture.platform.away = true;
        deliver();
        fixture.stop();
        Files.delete(dir.resolve("epochs/0000000001.numbers"));
        fixture.platform.away = false;
        fixture.start();
        assertThat(deliver().epoch()).isEqualTo(2);
        assertThat(drained()).isTrue();
        assertThat(fixture.platform.leaves(1)).hasSize(2);
        assertThat(fixture.platform.leaves(2)).hasSize(1);
    }

    @Test
    void damagedKeyFilesAreNotUsed() throws IOException {
        fixture.start();
        deliver();
        assertThat(drained()).isTrue();
        fixture.stop();
        Path file = dir.resolve("epochs/0000000001.json");
        Files.writeString(file, Files.readString(file).replaceFirst("\"seed\":\"[^\"]{4}", "\"seed\":\"AAAA"));
        fixture.start();
        assertThat(deliver().epoch()).isEqualTo(2);
    }

    @Test
    void beforeTheCertificateExpiresANewEpochBegins() throws IOException {
        fixture.platform.validity = Duration.ofMinutes(100);
        fixture.start();
        assertThat(deliver().epoch()).isEqualTo(1);
        fixture.clock.step(Duration.ofMinutes(45));
        assertThat(deliver().epoch()).as("well before the end").isEqualTo(1);
        fixture.platform.now = fixture.clock.instant();
        fixture.platform.validity = Duration.ofMinutes(200);
        fixture.clock.step(Duration.ofMinutes(47));
        EdgeFixture.await("a new epoch", () -> health().contains("\"epoch\":2"));
        assertThat(fixture.call(RawHttp.get("/certificates/1", "")).status()).isEqualTo(200);
        assertThat(fixture.call(RawHttp.get("/certificates/2", "")).status()).isEqualTo(200);
        fixture.clock.step(Duration.ofMinutes(-42));
        assertThat(deliver().epoch()).isEqualTo(2);
        assertThat(drained()).isTrue();
        assertThat(fixture.platform.leaves(1)).hasSize(2);
    }

    @Test
    void nothingIsSignedOutsideTheCertificatesValidity() throws IOException {
        fixture.start();
        deliver();
        fixture.platform.away = true;
        for (Duration step : List.of(Duration.ofMinutes(-2), Duration.ofDays(31))) {
            fixture.clock.step(step);
            assertThat(fixture.call(request).problem()).isEqualTo("edge/certificate-not-valid");
            assertThat(health()).contains("edge/certificate-not-valid");
            fixture.clock.step(step.negated());
            assertThat(deliver().epoch()).isEqualTo(1);
        }
        fixture.platform.away = false;
        assertThat(drained()).isTrue();
        assertThat(fixture.platform.leaves(1)).hasSize(3);
    }

    @Test
    void aClockThatStepsBackBreaksNothing() throws IOException {
        fixture.start();
        for (int i = 0; i < 20; i++) {
            fixture.clock.step(Duration.ofSeconds(i % 3 == 0 ? -15 : 7));
            long now = fixture.clock.millis();
            assertThat(deliver().time()).isEqualTo(now);
        }
        assertThat(drained()).isTrue();
        assertThat(fixture.platform.leaves(1)).hasSize(20);
        assertThat(fixture.platform.rejections).isEmpty();
    }

    @Test
    void theKeyTrustedFirstStaysTrusted() throws IOException {
        fixture.start();
        deliver();
        fixture.stop();
        try (EdgeFixture other = new EdgeFixture(dir)) {
            DidKey stranger = new DidKey(JdkEd25519.generate().publicKey());
            Files.writeString(dir.resolve("identity.json"), "{\"edge\":1,\"platform\":\"" + stranger + "\"}");
            other.launch();
            EdgeFixture.await(
                    "the certificate is refused",
                    () -> new String(
                                    EdgeFixture.health(other.running.orElseThrow())
                                            .body(),
                                    StandardCharsets.UTF_8)
                            .contains("the platform's certificate is not valid: signed by"));
            assertThat(other.call(request).problem()).isEqualTo("edge/starting");
        }
    }

    @Test
    void aDirectoryServesOneEdgeAtATimeAndOnlyItsOwn() throws IOException {
        fixture.start();
        EdgeConfig same = fixture.config();
        assertThatThrownBy(() -> EdgeServer.start(same))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another edge is using");
        fixture.stop();
        EdgeConfig other = fixture.config().with(Map.of("edge", "2"));
        assertThatThrownBy(() -> EdgeServer.start(other))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("belongs to edge 1, not to 2");
        Files.writeString(dir.resolve("identity.json"), "{\"edge\":1");
        assertThatThrownBy(() -> EdgeServer.start(same))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("which platform to trust");
    }

    @Test
    void anAddressInUseIsSaidAndEverythingLetGo() throws IOException {
        EdgeServer edge = fixture.start();
        Path second = Files.createTempDirectory(dir, "second");
        EdgeConfig taken = EdgeConfig.of(second, fixture.platform.uri(), 1, StubPlatform.API_KEY)
                .withAddress("127.0.0.1", edge.port());
        assertThatThrownBy(() -> EdgeServer.start(taken))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + edge.port());
        try (EdgeServer free = EdgeServer.start(taken.withAddress("127.0.0.1", 0))) {
            assertThat(free.port()).isPositive();
        }
    }

    @Test
    void allImplementationsOfEd25519Serve() throws IOException {
        for (Signatures kind : Signatures.values()) {
            fixture.settings.put("signatures", kind.name());
            fixture.start();
            Receipt receipt = fixture.verified(fixture.call(request));
            assertThat(receipt.leaf().epoch()).isEqualTo(1);
            fixture.stop();
        }
    }

    @Test
    void theInspectionTellsWhatIsThere() throws IOException {
        assertThat(SpoolReport.inspect(dir)).isEqualTo(new SpoolReport(0, List.of()));
        fixture.start();
        deliver();
        deliver();
        assertThat(drained()).isTrue();
        fixture.platform.away = true;
        deliver();
        fixture.crash();
        fixture.start();
        deliver();
        fixture.stop();
        SpoolReport report = SpoolReport.inspect(dir);
        assertThat(report.isSound()).isTrue();
        assertThat(report.edge()).isEqualTo(1);
        SpoolReport.EpochReport epoch = report.epochs().getFirst();
        assertThat(epoch.epoch()).isEqualTo(1);
        assertThat(epoch.batches()).isEqualTo(4);
        assertThat(epoch.leaves()).isEqualTo(4);
        assertThat(epoch.last()).isEqualTo(1001);
        assertThat(epoch.gaps()).containsExactly(new SpoolReport.Gap(4, 1000));
        assertThat(epoch.acknowledged()).isBetween(0L, 2L);
        assertThat(epoch.unacknowledged()).isBetween(2L, 4L);
        assertThat(epoch.cutShortBytes()).isZero();
        Files.delete(dir.resolve("epochs/0000000001.json"));
        assertThat(SpoolReport.inspect(dir).epochs().getFirst().damaged())
                .extracting(SpoolReport.Damage::reason)
                .containsExactly("epoch/no-certificate");
    }

    @Test
    void theInspectionChecksRootsAndSignatures() throws IOException {
        fixture.start();
        fixture.call(request);
        fixture.platform.away = true;
        deliver();
        deliver();
        fixture.stop();
        Path segment = dir.resolve("spool").resolve("0000000001-0000000000000000001.seg");
        byte[] good = Files.readAllBytes(segment);
        for (int at : new int[] {120, 200}) {
            // whoever repairs the checksums as well does not fool root and signature
            Files.write(segment, SpoolKit.forged(good, at));
            assertThat(SpoolReport.inspect(dir).epochs().getFirst().damaged())
                    .extracting(SpoolReport.Damage::reason)
                    .first()
                    .isIn("batch/signature", "batch/root");
        }
    }
}
