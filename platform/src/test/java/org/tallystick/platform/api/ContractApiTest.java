package org.tallystick.platform.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.drafting.Odrl;
import org.tallystick.drafting.PrintedContract;
import org.tallystick.drafting.Templates;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.terms.ContractApproval;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractDraft;
import org.tallystick.protocol.terms.Mandate;
import org.tallystick.sdk.DatasetVersion;
import org.tallystick.sdk.UploadReceipt;

/** Contracts over HTTP, from template to paper, duties and notice; every answer is held to the document. */
final class ContractApiTest {
    @TempDir
    static Path data;

    private static ApiFixture stage;
    private static DatasetVersion version;

    @BeforeAll
    static void open() {
        stage = ApiFixture.open(data).withCast();
        UploadReceipt receipt = stage.upload("ada", "a work");
        version = stage.publish("set-1", Map.of(receipt.content(), "ada"));
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    private static Json.Obj draft(String id, String more) {
        String body = """
            {"template": "non-exclusive", "answers": {"id": "%s", "dataset": "set-1", "dataset-version": "%s",
             "buyer": "dan", "curator": "cleo", "splits": "creators=0.8,curator=0.2"%s}}
            """.formatted(id, version.root().hex(), more);
        ApiFixture.Reply reply = stage.post("dan", "/contract-drafts", body);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(Fields.of(reply.json(), "draft").array("flags")).isEmpty();
        return Fields.of(reply.json(), "draft").fields("document").object();
    }

    private static ContractDocument conclude(String id) {
        ContractDocument document = ContractDocument.parse(draft(id, ""));
        for (String party : List.of("ada", "cleo", "dan")) {
            document = document.sign(party, stage.signer(party), stage.now());
        }
        ApiFixture.Reply reply = stage.post("dan", "/contracts/negotiations", document.toString());
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        return document;
    }

    @Test
    void aDraftIsSignedConcludedReadAndEndedWithNotice() {
        ContractDocument signed = conclude("api-1");
        PrintedContract printed = PrintedContract.of(signed);
        ApiFixture.Reply html = stage.get("ada", "/contracts/api-1/paper");
        assertThat(html.body()).isEqualTo(printed.html());
        assertThat(html.header("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(stage.get("cleo", "/contracts/api-1/paper?format=markdown").body())
                .isEqualTo(printed.markdown());
        ApiFixture.Reply odrl = stage.get("dan", "/contracts/api-1/paper?format=odrl");
        assertThat(Odrl.read(odrl.json())).isEqualTo(ContractDraft.of(signed));

        Fields duties = Fields.of(stage.get("dan", "/contracts/api-1/duties").json(), "duties");
        assertThat(duties.objects("duties"))
                .hasSizeGreaterThan(20)
                .anyMatch(duty -> duty.text("id").equals("api-1/reporting/transparency/1"));
        assertThat(duties.array("enforced")).isNotEmpty();
        ApiFixture.Reply calendar = stage.get("dan", "/contracts/api-1/duties?format=calendar");
        assertThat(calendar.body()).startsWith("BEGIN:VCALENDAR\r\n").contains("BEGIN:VEVENT");
        assertThat(calendar.header("Content-Type").orElseThrow()).startsWith("text/calendar");

        String notice = "{\"kind\": \"termination\", \"reason\": \"the model is retired\"}";
        ApiFixture.Reply given = stage.post("dan", "/contracts/api-1/notices", notice);
        assertThat(given.status()).isEqualTo(201);
        assertThat(stage.post("dan", "/contracts/api-1/notices", notice).status())
                .isEqualTo(200);
        String effective = Fields.of(given.json(), "notice").text("effective");
        Fields ending = Fields.of(stage.get("dan", "/contracts/api-1").json(), "contract");
        assertThat(ending.text("expires")).isEqualTo(effective);
        assertThat(ending.text("status")).isEqualTo("live");
    }

    @ParameterizedTest(name = "{0} {1} {2}: {3} {4}")
    @CsvSource(delimiter = '|', textBlock = """
        dan  | /contract-drafts  | {"template": "gift", "answers": {}}                 | 422 | template/unknown
        dan  | /contract-drafts  | {"template": "hybrid", "answers": {}}               | 422 | template/answer-missing
        dan  | /contract-drafts  | {"template": "hybrid", "answers": {"dataset": 7}}   | 400 | json/wrong-type
        dan  | /contract-drafts  | {"template": "hybrid"}                              | 400 | json/missing-member
        dan  | /contract-lint    | {}                                                  | 400 | json/missing-member
        dan  | /contract-diff    | {"before": {}}                                      | 400 | json/missing-member
        dan  | /contract-prices  | {"works": 0}                                        | 400 | json/number-out-of-range
        dan  | /contract-prices  | {"works": 1, "currency": "ABC"}                     | 422 | contract/price-currency
        dan  | /contracts/api-0/notices | {"kind": "breach", "reason": "r"}            | 404 | contract/unknown
        """)
    void whatMakesNoSenseIsRefused(String who, String target, String body, int status, String type) {
        ApiFixture.Reply reply = stage.post(who, target, body);
        assertThat(reply.type()).as(reply.body()).isEqualTo(type);
        assertThat(reply.status()).isEqualTo(status);
    }

    /** From the first request to a token, and to its end. */
    @Test
    void twoPartiesNegotiateOverHttpUntilATokenIsEnforced() {
        Json.Obj asked = draft("api-ng", "");
        Json.Obj dearer = draft("api-ng", ", \"price\": \"0.007\"");
        ApiFixture.Reply opened = stage.post("dan", "/negotiations", offer(asked, "we would like to train on this", 0));
        assertThat(opened.status()).isEqualTo(201);
        assertThat(opened.header("Location")).contains("/negotiations/ng-api-ng");
        assertThat(state(opened)).isEqualTo("REQUESTED");
        assertThat(stage.post("dan", "/negotiations", offer(asked, "we would like to train on this", 0))
                        .status())
                .isEqualTo(200);
        assertThat(stage.get("eve", "/negotiations/ng-api-ng").type()).isEqualTo("negotiation/unknown");
        ApiFixture.Reply countered =
                stage.post("cleo", "/negotiations/ng-api-ng/offers", offer(dearer, "a little more, please", 1));
        assertThat(state(countered)).isEqualTo("OFFERED");
        assertThat(countered.body()).contains("\"changes\":[", "USD 0.007");
        assertThat(stage.post("cleo", "/negotiations/ng-api-ng/offers", offer(asked, "", 1))
                        .type())
                .isEqualTo("negotiation/superseded");
        ContractDocument document = ContractDocument.parse(dearer);
        assertThat(signing("dan", document, 1).type()).isEqualTo("negotiation/superseded");
        assertThat(state(signing("dan", document, 2))).isEqualTo("ACCEPTED");
        assertThat(state(signing("cleo", document, 2))).isEqualTo("AGREED");
        assertThat(state(signing("ada", document, 2))).isEqualTo("FINALIZED");
        assertThat(stage.get("ada", "/negotiations/ng-api-ng").status()).isEqualTo(200);
        stage.guarantee("api-ng");
        ApiFixture.Reply job = stage.post("dan", "/jobs", "{\"contract_id\": \"api-ng\", \"model\": \"m\"}");
        assertThat(job.status()).as(job.body()).isEqualTo(201);
        String tokens = "/jobs/" + Fields.of(job.json(), "job").text("job_id") + "/tokens";
        String wish = "{\"scope\": \"training\", \"ttl\": \"PT1H\"}";
        assertThat(stage.post("dan", tokens, wish).status()).isEqualTo(201);
        assertThat(stage.post("dan", tokens, "{\"scope\": \"inference\", \"ttl\": \"PT1H\"}")
                        .type())
                .isEqualTo("token/scope");
        assertThat(stage.post("cleo", "/contracts/api-ng/revoke", "{\"reason\": \"withdrawn\"}")
                        .status())
                .isEqualTo(200);
        assertThat(stage.post("dan", tokens, wish).type()).isEqualTo("contract/not-live");
    }

    @Test
    void aNegotiationIsBrokenOff() {
        stage.post("cleo", "/negotiations", offer(draft("api-off", ""), "", 0));
        String reason = "{\"reason\": \"no price we can agree on\"}";
        ApiFixture.Reply over = stage.post("dan", "/negotiations/ng-api-off/termination", reason);
        assertThat(state(over)).isEqualTo("TERMINATED");
        assertThat(over.body()).contains("no price we can agree on");
        assertThat(stage.post("dan", "/negotiations/ng-none/termination", reason)
                        .type())
                .isEqualTo("negotiation/unknown");
    }

    @Test
    void theDutiesAreACalendarToSubscribeTo() {
        conclude("api-cal");
        String calendar = stage.get("dan", "/contracts/api-cal/duties.ics").body();
        assertThat(calendar).startsWith("BEGIN:VCALENDAR\r\n").endsWith("END:VCALENDAR\r\n");
        assertThat(stage.get("dan", "/contracts/api-cal/duties?format=ics").body())
                .isEqualTo(calendar);
        assertThat(accepting("text/calendar").body()).isEqualTo(calendar);
        assertThat(accepting("application/json").body()).startsWith("{");
        assertThat(accepting("*/*").body()).startsWith("{");
        assertThat(stage.get("eve", "/contracts/api-cal/duties.ics").type()).isEqualTo("contract/unknown");
        for (String pair : List.of("calendar:" + stage.apiKey("dan"), ":" + stage.apiKey("dan"))) {
            ApiFixture.Reply subscribed = basic("/contracts/api-cal/duties.ics", pair);
            assertThat(subscribed.body()).isEqualTo(calendar);
        }
        ApiFixture.Reply challenged = basic("/contracts/api-cal/duties.ics", "dan:wrong");
        assertThat(challenged.status()).isEqualTo(401);
        assertThat(challenged.header("WWW-Authenticate").orElseThrow()).startsWith("Basic ");
        ApiFixture.Reply elsewhere = basic("/contracts/api-cal/duties", "dan:" + stage.apiKey("dan"));
        assertThat(elsewhere.type()).as("only calendars").isEqualTo("auth/key-invalid");
    }

    private static ApiFixture.Reply accepting(String type) {
        return stage.send("dan", "GET", "/contracts/api-cal/duties", Map.of("Accept", type), "");
    }

    private static ApiFixture.Reply basic(String target, String pair) {
        String header = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        return stage.send("", "GET", target, Map.of("Authorization", header), "");
    }

    @Test
    void whatGoesOnInsideTheBuyersOrganisationIsItsOwnAffair() {
        Json.Obj asked = draft("api-in", "");
        stage.post("dan", "/negotiations", offer(asked, "", 0));
        String key = new DidKey(stage.signer("ada").publicKey()).toString();
        String wanted = "{\"needed\": 1, \"approvers\": [{\"approver\": \"legal\", \"key\": \"" + key + "\"}]}";
        assertThat(stage.post("dan", "/negotiations/ng-api-in/approvers", wanted)
                        .status())
                .isEqualTo(200);
        ContractDocument document = ContractDocument.parse(asked);
        assertThat(signing("dan", document, 1).type()).isEqualTo("approval/missing");
        String approval = Json.object()
                .put("version", 1)
                .put(
                        "approval",
                        ContractApproval.sign("legal", document, stage.signer("ada"))
                                .json())
                .build()
                .toString();
        ApiFixture.Reply approved = stage.post("dan", "/negotiations/ng-api-in/approvals", approval);
        assertThat(approved.body()).contains("\"approved\":[\"legal\"]", "\"needed\":1");
        assertThat(stage.get("fay", "/negotiations/ng-api-in").body()).contains("\"legal\"");
        assertThat(stage.get("cleo", "/negotiations/ng-api-in").body()).doesNotContain("legal", "approv");
        assertThat(state(signing("dan", document, 1))).isEqualTo("ACCEPTED");
    }

    /** A co-op that has a share of what is paid sees the negotiation and signs for its member, who need not come. */
    @Test
    void aCoopSignsForItsMemberOverHttp() {
        Json.Obj asked = Json.parseObject(draft("api-coop", "")
                .without("text")
                .toString()
                .replace("\"recipientId\":\"cleo\"", "\"recipientId\":\"bob\"")
                .getBytes(StandardCharsets.UTF_8));
        stage.post("dan", "/negotiations", offer(asked, "", 0));
        ContractDocument document = ContractDocument.parse(asked);
        assertThat(stage.get("eve", "/negotiations/ng-api-coop").type()).isEqualTo("negotiation/unknown");
        assertThat(stage.get("bob", "/negotiations/ng-api-coop").status()).isEqualTo(200);
        Mandate mandate = Mandate.sign(
                "m-2",
                "ada",
                "bob",
                Mandate.Reach.any(),
                stage.now().minusSeconds(60),
                stage.now().plusSeconds(600),
                stage.signer("ada"));
        assertThat(state(signing("dan", document, 1))).isEqualTo("ACCEPTED");
        assertThat(state(signing("cleo", document, 1))).isEqualTo("AGREED");
        Json.Obj signature = last(document.signUnder(mandate, stage.signer("bob"), stage.now()));
        String body = Json.object()
                .put("version", 1)
                .put("signature", signature)
                .build()
                .toString();
        assertThat(stage.post("cleo", "/negotiations/ng-api-coop/signatures", body)
                        .type())
                .isEqualTo("negotiation/not-yours");
        assertThat(state(stage.post("bob", "/negotiations/ng-api-coop/signatures", body)))
                .isEqualTo("FINALIZED");
        assertThat(stage.get("ada", "/contracts/api-coop").status()).isEqualTo(200);
        assertThat(stage.get("bob", "/contracts/api-coop").status()).isEqualTo(200);
    }

    private static Json.Obj last(ContractDocument document) {
        return Fields.of(document.json(), "contract")
                .objects("signatures")
                .getLast()
                .object();
    }

    @Test
    void aMandateIsTakenBack() {
        ApiFixture.Reply revoked = stage.send("ada", "POST", "/mandates/m-1/revoke", Map.of(), "");
        assertThat(revoked.status()).as(revoked.body()).isEqualTo(201);
        assertThat(revoked.body()).contains("\"creator_id\":\"ada\"", "\"mandate_id\":\"m-1\"");
        assertThat(stage.send("ada", "POST", "/mandates/m-1/revoke", Map.of(), "")
                        .status())
                .isEqualTo(200);
    }

    private static String offer(Json.Obj document, String message, int answers) {
        Json.Builder out = Json.object().put("document", document).put("message", message);
        return (answers == 0 ? out : out.put("answers", answers)).build().toString();
    }

    private static ApiFixture.Reply signing(String party, ContractDocument document, int version) {
        ContractDocument signed = document.sign(party, stage.signer(party), stage.now());
        Json.Obj signature = last(signed);
        return stage.post(
                party,
                "/negotiations/ng-" + document.id() + "/signatures",
                Json.object()
                        .put("version", version)
                        .put("signature", signature)
                        .build()
                        .toString());
    }

    private static String state(ApiFixture.Reply reply) {
        return Fields.of(reply.json(), "negotiation").text("state");
    }

    @Test
    void onlyThoseItConcernsSeeIt() {
        conclude("api-2");
        for (String target : List.of("/contracts/api-2/paper", "/contracts/api-2/duties")) {
            assertThat(stage.get("eve", target).type()).isEqualTo("contract/unknown");
            assertThat(stage.get("fay", target).status()).isEqualTo(200);
            assertThat(stage.get("dan", target + "?format=pdf").type()).isEqualTo("http/unknown-format");
        }
        String notice = "{\"kind\": \"whim\", \"reason\": \"r\"}";
        assertThat(stage.post("eve", "/contracts/api-2/notices", notice).type()).isEqualTo("contract/unknown");
        assertThat(stage.post("dan", "/contracts/api-2/notices", notice).type()).isEqualTo("contract/notice-unknown");
    }

    @Test
    void whatIsPublishedIsServedToAnyone() {
        Fields templates = Fields.of(stage.get("", "/contract-templates").json(), "answer");
        assertThat(templates.array("templates")).hasSameSizeAs(Templates.all());
        assertThat(stage.get("", "/contract/v1/schema.json").json().toString()).contains("\"Data contract\"");
        assertThat(stage.get("", "/contract/v1/context.jsonld").json().toString())
                .contains("@vocab");
    }

    @Test
    void contractsAreLintedComparedAndPriced() {
        Json.Obj one = draft("api-3", "");
        Json.Obj other = draft("api-3", ", \"price\": \"0.006\"");
        ApiFixture.Reply diff = stage.post(
                "ada",
                "/contract-diff",
                Json.object().put("before", one).put("after", other).build().toString());
        assertThat(diff.body()).contains("\"same\":false", "USD 0.006");
        ApiFixture.Reply lint = stage.post(
                "ada",
                "/contract-lint",
                ApiFixture.terms("api-4", version, "dan").toString());
        assertThat(lint.body()).contains("\"code\":\"no-deletion\"", "\"mend\":[");
        ApiFixture.Reply prices = stage.post("ada", "/contract-prices", "{\"works\": 15000, \"months\": 12}");
        assertThat(prices.body()).contains("\"model\":\"per work\"", "\"month\":12");
    }
}
