package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.ContentId;

/** A grant's regions against where the edge delivers. */
class RegionTest {
    @TempDir
    Path dir;

    /** Where the edge delivers, the grant's regions, what is answered. */
    private static final String TABLE = """
                | -      | 200
                | EU     | 403
                | DE US  | 403
            DE  | -      | 200
            DE  | DE     | 200
            DE  | EU     | 200
            DE  | EEA    | 200
            DE  | US FR  | 403
            CH  | EEA    | 403
            NO  | EU     | 403
            EU  | EEA    | 200
            EU  | DE     | 403
            """;

    @Test
    void worksAreDeliveredOnlyWhereTheGrantAllows() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            List<ContentId> works = fixture.works(100);
            Hash dataset = fixture.platform.publish(works);
            String path = EdgeFixture.path(works.getFirst());
            String served = "none yet";
            int delivered = 0;
            for (String row : TABLE.lines().toList()) {
                String[] cells = row.split("\\|");
                String region = cells[0].strip();
                if (!region.equals(served)) {
                    fixture.stop();
                    fixture.settings.put("region", region);
                    fixture.start();
                    served = region;
                }
                String regions = cells[1].strip();
                String token = EdgeFixture.token(
                        fixture.grant(dataset, regions.equals("-") ? new String[0] : regions.split(" ")),
                        fixture.platform.signer);
                for (int twice = 0; twice < 2; twice++) {
                    RawHttp.Response response = fixture.call(RawHttp.get(path, token));
                    assertThat(response.status()).as(row).isEqualTo(Integer.parseInt(cells[2].strip()));
                    delivered += response.status() == 200 ? 1 : 0;
                    if (response.status() == 403) {
                        assertThat(response.problem()).as(row).isEqualTo("token/wrong-region");
                        assertThat(response.has("Tallystick-Receipt")).as(row).isFalse();
                        assertThat(new String(response.body(), StandardCharsets.UTF_8))
                                .contains(region.isEmpty() ? "no region it was told of" : "delivers in " + region);
                    }
                }
                RawHttp.Response head = fixture.call(RawHttp.request("HEAD", path, token));
                assertThat(head.status()).as(row).isEqualTo(Integer.parseInt(cells[2].strip()));
                delivered += head.status() == 200 ? 1 : 0;
            }
            int expected = delivered;
            EdgeFixture.await(
                    "no number is spent on a refusal",
                    () -> fixture.platform.leaves(1).size() == expected);
        }
    }
}
