package org.tallystick.platform.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.sdk.UploadReceipt;

/** What is a buyer's is found however many contracts it has; a page of the first two hundred is no measure of that. */
class ManyContractsTest {
    private static final int BEFORE = 200;

    @TempDir
    private Path data;

    @Test
    void theTwoHundredAndFirstContractIsSeen() {
        try (ApiFixture stage = ApiFixture.open(data).withCast()) {
            UploadReceipt first = stage.upload("ada", "a work");
            UploadReceipt last = stage.upload("ada", "another work");
            var many = stage.publish("set-1", Map.of(first.content(), "ada"));
            var other = stage.publish("set-2", Map.of(last.content(), "ada"));
            String members = "/datasets/versions/" + other.root().hex() + "/members";
            String manifest = "/manifests/" + last.manifestId();
            for (int i = 0; i < BEFORE; i++) {
                accept(
                        stage,
                        stage.contract("cnf-%03d".formatted(i), many, "dan", List.of("ada"))
                                .toString());
            }
            assertThat(stage.get("dan", members).status()).isEqualTo(403);
            assertThat(stage.get("dan", manifest).status()).isEqualTo(404);
            accept(
                    stage,
                    stage.contract("cnf-last", other, "dan", List.of("ada")).toString());
            assertThat(stage.get("dan", members).status()).isEqualTo(200);
            assertThat(stage.get("dan", manifest).status()).isEqualTo(200);
            assertThat(stage.get("eve", members).status()).as("somebody else").isEqualTo(403);
        }
    }

    private static void accept(ApiFixture stage, String contract) {
        assertThat(stage.post("dan", "/contracts/negotiations", contract).status())
                .isEqualTo(201);
    }
}
