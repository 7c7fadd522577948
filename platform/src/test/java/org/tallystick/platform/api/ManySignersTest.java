package org.tallystick.platform.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.protocol.statement.Changed;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.sdk.DatasetVersion;
import org.tallystick.sdk.UploadReceipt;

/** Hundreds bring signed contracts over HTTP at the same moment: they wait their turn, and the rules hold. */
class ManySignersTest {
    private static final int SIGNERS = 300;

    @TempDir
    private Path data;

    @Test
    void hundredsAreAcceptedEachOnceOrToldToAskAgain() throws Exception {
        try (ApiFixture stage = ApiFixture.open(data).withCast()) {
            UploadReceipt receipt = stage.upload("ada", "a work");
            DatasetVersion version = stage.publish("set-1", Map.of(receipt.content(), "ada"));
            List<ContractDocument> contracts = new ArrayList<>();
            for (int i = 0; i < SIGNERS; i++) {
                contracts.add(contract(stage, version, i));
            }
            List<ApiFixture.Reply> replies = atOnce(stage, contracts);
            long concluded = 0;
            for (ApiFixture.Reply reply : replies) {
                if (reply.status() == 201) {
                    concluded++;
                } else {
                    assertThat(reply.type()).as(reply.body()).isEqualTo("contract/exclusivity-conflict");
                }
            }
            assertThat(concluded)
                    .as("one exclusive buyer, however many ask; or all those of the other buyer before it")
                    .isEqualTo(live(stage, contracts));
            boolean dans = replies.stream()
                    .anyMatch(reply -> reply.status() == 201 && reply.body().contains("\"dan\""));
            boolean eves = replies.stream()
                    .anyMatch(reply -> reply.status() == 201 && reply.body().contains("\"eve\""));
            assertThat(dans ^ eves).as("never both").isTrue();
        }
    }

    /** Each side wants the same thing for itself alone. */
    private static ContractDocument contract(ApiFixture stage, DatasetVersion version, int number) {
        String buyer = number % 2 == 0 ? "dan" : "eve";
        ContractDocument terms = ContractDocument.parse(Changed.at(
                ApiFixture.terms("cnf-" + number, version, buyer),
                "terms",
                "{\"exclusivity\": {\"window\": \"P1M\"}}"));
        for (String party : List.of("ada", "cleo", buyer)) {
            terms = terms.sign(party, stage.signer(party), stage.now());
        }
        return terms;
    }

    private static List<ApiFixture.Reply> atOnce(ApiFixture stage, List<ContractDocument> contracts) throws Exception {
        List<Future<ApiFixture.Reply>> running = new ArrayList<>();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (ContractDocument contract : contracts) {
                running.add(pool.submit(() -> untilAnswered(stage, contract)));
            }
            List<ApiFixture.Reply> replies = new ArrayList<>();
            for (Future<ApiFixture.Reply> one : running) {
                replies.add(one.get());
            }
            return replies;
        }
    }

    /** As a client would: told to ask again, it does; whatever else it is told is the answer. */
    private static ApiFixture.Reply untilAnswered(ApiFixture stage, ContractDocument contract) throws Exception {
        String buyer = contract.buyer().orElseThrow();
        while (true) {
            ApiFixture.Reply reply = stage.post(buyer, "/contracts/negotiations", contract.toString());
            if (reply.status() != 503) {
                return reply;
            }
            assertThat(reply.header("Retry-After")).as(reply.body()).isPresent();
            assertThat(reply.type()).as("nobody waits in the database").isEqualTo("service/busy");
            Thread.sleep(1_000);
        }
    }

    private static long live(ApiFixture stage, List<ContractDocument> contracts) {
        return contracts.stream()
                .filter(contract ->
                        stage.get("operator", "/contracts/" + contract.id()).status() == 200)
                .count();
    }
}
