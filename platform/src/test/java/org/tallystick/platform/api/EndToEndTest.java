package org.tallystick.platform.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.statement.PaperVerifier;
import org.tallystick.sdk.Amount;
import org.tallystick.sdk.Close;
import org.tallystick.sdk.Contract;
import org.tallystick.sdk.CrossCheck;
import org.tallystick.sdk.DatasetVersion;
import org.tallystick.sdk.EdgeRegistration;
import org.tallystick.sdk.Explanation;
import org.tallystick.sdk.Job;
import org.tallystick.sdk.Payout;
import org.tallystick.sdk.PayoutInstruction;
import org.tallystick.sdk.PlatformKeys;
import org.tallystick.sdk.SigningKey;
import org.tallystick.sdk.StatementSummary;
import org.tallystick.sdk.TallystickClient;
import org.tallystick.sdk.Token;
import org.tallystick.sdk.UploadReceipt;
import org.tallystick.sdk.UsageMetrics;
import org.tallystick.sdk.UsageQuery;

/** The main job through the client: upload, contract, job, deliveries, usage; every answer as documented. */
final class EndToEndTest {
    @TempDir
    Path data;

    @Test
    void aWorkIsUploadedContractedDeliveredAndMetered() {
        try (ApiFixture stage = ApiFixture.open(data).withCast()) {
            PlatformKeys platform = stage.client("dan").keys();
            Map<ContentId, String> members = new LinkedHashMap<>();
            for (String text : List.of("one", "two", "three")) {
                UploadReceipt receipt = stage.upload("ada", text);
                receipt.verify(platform.platform(), Ed25519.verifier());
                assertThat(receipt.content()).isEqualTo(ContentId.of(text.getBytes(StandardCharsets.UTF_8)));
                members.put(receipt.content(), "ada");
            }
            members.put(stage.upload("bob", "four").content(), "bob");
            DatasetVersion version = stage.publish("hn-98765", members);
            assertThat(stage.client("cleo").members(version.root()).isWhole()).isTrue();
            Contract contract =
                    stage.client("dan").conclude(stage.contract("cnf-1", version, "dan", List.of("ada", "bob")));
            assertThat(contract.status()).isEqualTo("live");

            EdgeRegistration edge = stage.client("operator").registerEdge("fra-1");
            stage.apiKey("edge", edge.apiKey());
            Signer edgeKey = SigningKey.generate().signer(Ed25519::signer);
            EdgeCertificate certificate = EdgeCertificate.verify(
                    stage.client("edge").certifyEdge(edge.edge(), edgeKey), platform.platform(), Ed25519.verifier());
            assertThat(stage.client("dan").members(version.root()).isWhole()).isTrue();

            stage.guarantee("cnf-1");
            Job job = stage.client("dan").openJob("cnf-1", Optional.of("job-1"), "model");
            Token token =
                    stage.client("dan").issueToken(job.id(), Scope.TRAINING, Duration.ofHours(1), Optional.empty());
            List<ContentId> works = List.copyOf(members.keySet());
            byte[] batch = ApiFixture.batch(edge.edge(), certificate.epoch(), 1, token, works, edgeKey, stage.now());
            assertThat(stage.client("edge").ship(batch).acknowledged()).isEqualTo(4);
            assertThat(stage.client("edge").ship(batch).acknowledged()).isEqualTo(4);

            UsageMetrics usage =
                    stage.client("dan").usage(UsageQuery.of("cnf-1").works(Optional.empty()));
            assertThat(usage.uses()).isEqualTo(4);
            assertThat(usage.works()).hasSize(4);
            assertThat(stage.client("ada").usage(UsageQuery.of("cnf-1")).uses()).isEqualTo(3);
            stage.client("dan").closeJob("job-1", works.subList(0, 3));
            CrossCheck check = stage.client("dan").crossCheck("job-1");
            assertThat(check.withoutTraining()).containsExactly(works.get(3));
            assertThat(check.withoutReceipt()).isEmpty();
            CrossCheck creators = stage.client("ada").crossCheck("job-1");
            assertThat(creators.delivered()).as("a creator sees its own works").isEqualTo(3);
            assertThat(creators.events()).isEmpty();
            assertThat(check.events()).isPresent();

            settle(stage, platform);
        }
    }

    private void settle(ApiFixture stage, PlatformKeys platform) {
        TallystickClient operator = stage.client("operator");
        operator.fundEscrow("cnf-1", Amount.of("10.00", "USD"), "wire-1");
        assertThat(operator.fundEscrow("cnf-1", Amount.of("10.00", "USD"), "wire-1")
                        .balance())
                .isEqualTo(Amount.of("10.00", "USD"));
        Instant end = stage.now();
        Close close = operator.closePeriod("p-1", end.minus(Duration.ofDays(1)), end);
        assertThat(operator.closePeriod("p-1", end.minus(Duration.ofDays(1)), end))
                .isEqualTo(close);
        assertThat(close.invoices()).hasSize(1);

        StatementSummary statement =
                stage.client("ada").statements(Map.of()).items().getFirst();
        assertThat(statement.total()).hasToString("0.012 USD");
        Path file = data.resolve("statement.json");
        stage.client("ada").statementFile(statement.id(), file);
        PaperVerifier verifier = new PaperVerifier(NoteKey.parse(platform.vkey()), Ed25519.verifier());
        try {
            assertThat(verifier.verify(Files.readAllBytes(file)).receipts()).isEqualTo(3);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(stage.client("ada").statement(statement.id()).get("party")).contains(Json.of("ada"));
        assertThat(stage.get("bob", "/statements/" + statement.id()))
                .returns("statement/unknown", ApiFixture.Reply::type);
        assertThat(stage.get("bob", "/statements/" + statement.id() + "/file"))
                .returns("statement/unknown", ApiFixture.Reply::type);
        assertThat(stage.client("dan").invoices(Map.of()).items())
                .singleElement()
                .satisfies(invoice -> assertThat(invoice.total()).hasToString("0.02 USD"));
        assertThat(stage.client("dan").invoice(close.invoices().getFirst()).get("buyer"))
                .contains(Json.of("dan"));
        assertThat(stage.client("eve").invoices(Map.of()).items()).isEmpty();
        assertThat(stage.client("dan").account("escrow:cnf-1").balances()).containsExactly(Amount.of("9.98", "USD"));
        assertThat(stage.client("ada").account("payable:ada").balances()).containsExactly(Amount.of("0.012", "USD"));
        assertThat(stage.get("bob", "/ledger/accounts/payable:ada")).returns("account/unknown", ApiFixture.Reply::type);
        assertThat(stage.client("fay").trialBalance()).isNotEmpty();
        payOut(stage);
        explain(stage, statement.id());
    }

    private static void payOut(ApiFixture stage) {
        PayoutInstruction instruction = new PayoutInstruction(
                "sepa", "DE89370400440532013000", "USD", "monthly", Optional.of(Amount.of("25", "USD")));
        Payout payout = stage.client("ada").schedulePayout(instruction);
        assertThat(stage.client("ada").schedulePayout(instruction)).isEqualTo(payout);
        assertThat(stage.client("ada").payouts(Map.of()).items()).containsExactly(payout);
        assertThat(stage.client("bob").payouts(Map.of()).items()).isEmpty();
        assertThat(stage.get("bob", "/payouts?party=ada")).returns("party/unknown", ApiFixture.Reply::type);
    }

    private static void explain(ApiFixture stage, String statement) {
        Explanation line = stage.client("ada").explain(statement + "/1");
        assertThat(line.madeOf()).isNotEmpty();
        Explanation use = stage.client("ada").explain(line.madeOf().getFirst());
        assertThat(use.kind()).isEqualTo("usage");
        assertThat(stage.client("ada").explain(use.madeOf().getFirst()).kind()).isEqualTo("receipt");
        assertThat(stage.get("eve", "/explain/" + statement + "/1")).returns("explain/unknown", ApiFixture.Reply::type);
    }
}
