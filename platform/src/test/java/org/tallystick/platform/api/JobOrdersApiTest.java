package org.tallystick.platform.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.protocol.receipt.Grade;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.sdk.DatasetVersion;
import org.tallystick.sdk.Job;
import org.tallystick.sdk.JobOrders;
import org.tallystick.sdk.OrderedWorks;
import org.tallystick.sdk.ProblemException;
import org.tallystick.sdk.ReleaseSecret;
import org.tallystick.sdk.Token;
import org.tallystick.sdk.UploadReceipt;

/** A buyer orders, gets a token under the order, and acknowledges what arrived, over HTTP. */
final class JobOrdersApiTest {
    @TempDir
    static Path data;

    @Test
    void aJobIsOrderedOnceAndEndsAcknowledged() {
        try (ApiFixture stage = ApiFixture.open(data).withCast()) {
            UploadReceipt one = stage.upload("ada", "one");
            UploadReceipt two = stage.upload("ada", "two");
            DatasetVersion version = stage.publish("hn-1", Map.of(one.content(), "ada", two.content(), "ada"));
            stage.client("dan").conclude(stage.contract("cnf-1", version, "dan", List.of("ada")));
            stage.guarantee("cnf-1");
            Job job = stage.client("dan").openJob("cnf-1", Optional.of("job-1"), "model");
            ReleaseSecret secret = ReleaseSecret.in(data.resolve("release.secret"));
            JobOrders orders = new JobOrders(stage.client("dan"), stage.signer("dan"), secret);

            OrderedWorks some = orders.order(
                    job,
                    Scope.TRAINING,
                    one.content()::equals,
                    stage.client("dan").contract("cnf-1").expires());
            assertThat(some.key(one.content())).isPresent();
            assertThat(some.key(two.content())).isEmpty();
            OrderedWorks all = orders.order(job, Scope.TRAINING);
            assertThat(all.order().number()).isEqualTo(2);
            ReleaseSecret again = ReleaseSecret.in(data.resolve("release.secret"));
            OrderedWorks repeated =
                    new JobOrders(stage.client("dan"), stage.signer("dan"), again).order(job, Scope.TRAINING);
            assertThat(repeated.order()).isEqualTo(all.order());
            assertThat(repeated.key(two.content())).isEqualTo(all.key(two.content()));

            Token token = orders.token(all, Duration.ofHours(1), Optional.empty());
            assertThat(token.grant().order()).contains(all.order().claim());
            ApiFixture.Reply table =
                    stage.get("dan", "/orders/" + all.order().keys().hex() + "/table");
            assertThat(table.status()).isEqualTo(200);
            assertThat(stage.get("eve", "/orders/" + all.order().keys().hex() + "/table")
                            .status())
                    .isEqualTo(404);

            JobOrders strangers = new JobOrders(stage.client("dan"), stage.signer("eve"), secret);
            assertThatThrownBy(() -> strangers.order(
                            job,
                            Scope.TRAINING,
                            two.content()::equals,
                            stage.client("dan").contract("cnf-1").expires()))
                    .isInstanceOfSatisfying(
                            ProblemException.class, e -> assertThat(e.type()).isEqualTo("jws/wrong-key"));
            Job closed = orders.close(job, List.of(one.content()), List.of(one.content()), List.of(two.content()));
            assertThat(closed.status()).isEqualTo("closed");
            assertThat(closed.grade()).isEqualTo(Grade.ACKNOWLEDGED);
        }
    }
}
