package org.tallystick.platform.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.statement.Changed;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.sdk.DatasetVersion;
import org.tallystick.sdk.EdgeRegistration;
import org.tallystick.sdk.Job;
import org.tallystick.sdk.SigningKey;
import org.tallystick.sdk.Token;

/** A model inherits from the contracts its works were used under, from the first use on and for good. */
final class ModelTermsApiTest {
    private static final String MODEL = "/models/small%20writer/terms";

    @TempDir
    private static Path data;

    private static ApiFixture stage;
    private static EdgeRegistration edge;
    private static Signer edgeKey;
    private static int batches;

    @BeforeAll
    static void open() {
        stage = ApiFixture.open(data).withCast();
        edge = stage.client("operator").registerEdge("fra-1");
        stage.apiKey("edge", edge.apiKey());
        edgeKey = SigningKey.generate().signer(Ed25519::signer);
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    /** A contract over a work of its own, with other uses than the sample's where any are given. */
    private static ContentId conclude(String id, String permitted, String forbidden) {
        ContentId work = stage.upload("ada", id).content();
        DatasetVersion version = stage.publish("hn-" + id, Map.of(work, "ada"));
        ContractDocument document = ContractDocument.parse(Changed.at(
                Changed.at(ApiFixture.terms(id, version, "dan"), "license.permittedUses", permitted),
                "license.forbiddenUses",
                forbidden));
        for (String party : List.of("ada", "cleo", "dan")) {
            document = document.sign(party, stage.signer(party), stage.now());
        }
        stage.client("dan").conclude(document);
        return work;
    }

    private static Token job(String contract, String model) {
        stage.guarantee(contract);
        Job job = stage.client("dan").openJob(contract, Optional.of("job-" + contract), model);
        return stage.client("dan").issueToken(job.id(), Scope.TRAINING, Duration.ofHours(1), Optional.empty());
    }

    /** Each use in an epoch of its own, so that no batch needs the one before. */
    private static void use(Token token, ContentId work) {
        Signer key = batches++ == 0 ? edgeKey : SigningKey.generate().signer(Ed25519::signer);
        stage.client("edge").certifyEdge(edge.edge(), key);
        stage.client("edge").ship(ApiFixture.batch(edge.edge(), batches, 1, token, List.of(work), key, stage.now()));
        stage.platform().running().metering().catchUp();
    }

    private static Fields terms(String who, String target) {
        ApiFixture.Reply reply = stage.get(who, target);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return Fields.of(reply.json(), "terms");
    }

    @Test
    void aModelInheritsFromEachContractItsWorksWereUsedUnder() {
        ContentId first = conclude("cnf-1", "[\"model-training\",\"evaluation\"]", "[\"resale\"]");
        ContentId second = conclude("cnf-2", "[\"model-training\",\"inference\"]", "[\"surveillance\"]");
        conclude("cnf-3", "[\"model-training\"]", "[\"never-asked\"]");
        Token one = job("cnf-1", "small writer");
        assertThat(stage.get("dan", MODEL).type())
                .as("a job alone uses nothing")
                .isEqualTo("model/unknown");
        use(one, first);
        Fields alone = terms("dan", MODEL);
        assertThat(alone.text("model")).isEqualTo("small writer");
        assertThat(alone.strings("uses")).containsExactly("evaluation", "model-training");
        assertThat(alone.strings("forbidden")).containsExactly("resale");

        job("cnf-3", "small writer");
        use(job("cnf-2", "small writer"), second);
        Fields both = terms("dan", MODEL);
        assertThat(both.objects("contracts"))
                .extracting(contract -> contract.text("contract_id") + " " + contract.integer("works_used", 1, 9))
                .containsExactly("cnf-1 1", "cnf-2 1");
        assertThat(both.strings("uses")).containsExactly("model-training");
        assertThat(both.strings("forbidden")).containsExactly("resale", "surveillance");
        assertThat(both.objects("duties"))
                .extracting(duty -> duty.text("id").substring(0, 5))
                .containsOnly("cnf-1", "cnf-2");

        stage.client("ada").revokeContract("cnf-1", "withdrawn");
        Fields over = terms("dan", MODEL);
        assertThat(over.strings("forbidden"))
                .as("what is over still binds the model it made")
                .containsExactly("resale", "surveillance");
        assertThat(over.objects("contracts")).hasSize(2);

        assertThat(terms("operator", MODEL + "?buyer=dan").strings("uses")).containsExactly("model-training");
        assertThat(terms("fay", MODEL + "?buyer=dan").text("buyer_id")).isEqualTo("dan");
        assertThat(stage.get("fay", MODEL).type()).isEqualTo("http/missing-parameter");
        assertThat(stage.get("eve", MODEL).type()).isEqualTo("model/unknown");
        assertThat(stage.get("eve", MODEL + "?buyer=dan").type())
                .as("another's model does not exist for her")
                .isEqualTo("model/unknown");
        assertThat(stage.get("dan", "/models/other/terms").type()).isEqualTo("model/unknown");
    }
}
