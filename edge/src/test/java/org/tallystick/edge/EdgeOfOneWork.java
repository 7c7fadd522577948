package org.tallystick.edge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.protocol.receipt.ContentId;

/** An edge that is not started yet, and one request that it will answer in full. */
abstract class EdgeOfOneWork {
    @TempDir
    Path dir;

    EdgeFixture fixture;
    String request;

    @BeforeEach
    void prepare() throws IOException {
        fixture = new EdgeFixture(dir);
        List<ContentId> works = fixture.works(500);
        request = RawHttp.get(EdgeFixture.path(works.getFirst()), fixture.token(fixture.platform.publish(works)));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    /** Whether everything it holds is acknowledged soon. */
    final boolean drained() {
        return fixture.running.orElseThrow().awaitDrained(Duration.ofSeconds(10));
    }

    final String health() {
        return new String(EdgeFixture.health(fixture.running.orElseThrow()).body(), StandardCharsets.UTF_8);
    }
}
