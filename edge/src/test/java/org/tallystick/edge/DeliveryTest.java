package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.protocol.ContentId;
import org.tallystick.protocol.Hash;
import org.tallystick.protocol.LeafKind;
import org.tallystick.protocol.Receipt;

class DeliveryTest {
    @TempDir
    Path dir;

    @Test
    void aWorkIsDeliveredWithAReceiptThatReachesThePlatform() throws Exception {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            List<ContentId> works = fixture.works(20_000, 0, 3_000_000);
            Hash dataset = fixture.platform.publish(works);
            EdgeServer edge = fixture.start();
            String token = fixture.token(dataset);
            for (ContentId work : works) {
                RawHttp.Response response = fixture.call(RawHttp.get(EdgeFixture.path(work), token));
                assertThat(response.status())
                        .as(new String(response.body(), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .isEqualTo(200);
                assertThat(ContentId.of(response.body())).isEqualTo(work);
                Receipt receipt = fixture.verified(response);
                assertThat(receipt.leaf().kind()).isEqualTo(LeafKind.FULL);
            }
            assertThat(edge.awaitDrained(Duration.ofSeconds(5))).isTrue();
            assertThat(fixture.platform.leaves(1)).hasSize(3);
        }
    }
}
