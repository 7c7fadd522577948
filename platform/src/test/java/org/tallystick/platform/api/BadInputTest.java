package org.tallystick.platform.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.sdk.DatasetVersion;
import org.tallystick.sdk.EdgeRegistration;
import org.tallystick.sdk.SigningKey;
import org.tallystick.sdk.Token;

/** Whatever is wrong with a request is answered with a reason of its own, and changes nothing. */
final class BadInputTest {
    private static final String KEY = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
    private static final String NO_HASH = "0".repeat(64);

    private static final Signer EDGE_KEY = SigningKey.generate().signer();

    @TempDir
    static Path data;

    private static ApiFixture stage;
    private static DatasetVersion version;
    private static Token token;
    private static String otherToken;

    @BeforeAll
    static void open() {
        stage = ApiFixture.open(data).withCast();
        Map<ContentId, String> members = new LinkedHashMap<>();
        members.put(stage.upload("ada", "one").content(), "ada");
        members.put(stage.upload("bob", "two").content(), "bob");
        version = stage.publish("hn-1", members);
        stage.client("dan").conclude(stage.contract("cnf-1", version, "dan", List.of("ada", "bob")));
        stage.guarantee("cnf-1");
        stage.client("dan").openJob("cnf-1", Optional.of("job-1"), "m");
        token = stage.client("dan").issueToken("job-1", Scope.TRAINING, Duration.ofHours(1), Optional.empty());
        otherToken = token.grant().tokenId().toString();
        EdgeRegistration edge = stage.client("operator").registerEdge("fra-1");
        stage.apiKey("edge-1", edge.apiKey());
        stage.client("edge-1").certifyEdge(1, EDGE_KEY);
        EdgeRegistration second = stage.client("operator").registerEdge("fra-2");
        stage.apiKey("edge-2", second.apiKey());
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    private static String filled(String text) {
        return text.replace("$key", KEY)
                .replace("$root", version.root().hex())
                .replace("$nohash", NO_HASH)
                .replace("$token", otherToken)
                .replace("'", "\"")
                .replace("¦", ",");
    }

    /** Every JSON endpoint: who, target, body ({@code ¦} for a comma, {@code '} for a quote), status and type. */
    @ParameterizedTest(name = "{1} {2} as {0}: {4}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        operator | /parties | {'id':'gus' | 400 | json/truncated
        operator | /parties | {'id';'gus'} | 400 | json/syntax
        operator | /parties | [] | 400 | json/not-an-object
        operator | /parties | {} | 400 | json/missing-member
        operator | /parties | {'id':'gus'¦'id':'gus'} | 400 | json/duplicate-member
        operator | /parties | {'id':7¦'role':'buyer'¦'display_name':'G'¦'key':'$key'} | 400 | json/wrong-type
        operator | /parties | {'id':'gus'¦'role':'buyer'¦'display_name':'G'¦'key':'$key'¦'possession':'x'¦'admin':true} | 400 | json/unknown-member
        operator | /parties | {'id':'../gus'¦'role':'buyer'¦'display_name':'G'¦'key':'$key'} | 422 | party/malformed-id
        operator | /parties | {'id':'gus'¦'role':'king'¦'display_name':'G'¦'key':'$key'} | 422 | party/unknown-role
        operator | /parties | {'id':'gus'¦'role':'edge'¦'display_name':'G'¦'key':'$key'} | 422 | party/role
        operator | /parties | {'id':'gus'¦'role':'buyer'¦'display_name':''¦'key':'$key'} | 422 | party/display-name
        operator | /parties | {'id':'gus'¦'role':'buyer'¦'display_name':'G'¦'key':'did:web:x'} | 422 | did-key/malformed
        operator | /parties | {'id':'creators'¦'role':'buyer'¦'display_name':'G'¦'key':'$key'} | 422 | party/reserved-id
        operator | /parties | {'id':'gus'¦'role':'buyer'¦'display_name':'G'¦'key':'$key'} | 400 | json/missing-member
        operator | /parties | {'id':'gus'¦'role':'buyer'¦'display_name':'G'¦'key':'$key'¦'possession':'x'} | 403 | party/possession
        ada      | /parties | {'id':'gus'¦'role':'buyer'¦'display_name':'G'¦'key':'$key'} | 403 | auth/role-not-allowed
        operator | /parties/nobody/keys | {} | 404 | party/unknown
        operator | /parties/ada/keys | {} | 403 | key/asked-for-by-its-party
        operator | /parties/fay/keys | {'name':''} | 422 | key/name
        operator | /parties/fay/keys | {'expires':'2020-01-01T00:00:00Z'} | 422 | key/expires
        operator | /parties/fay/keys | {'expires':'tomorrow'} | 422 | time/malformed
        operator | /parties/fay/keys | {'replaces':'0000000000000000'} | 404 | key/unknown
        operator | /parties/fay/keys | {'replaces':'x'} | 422 | api-key/id
        operator | /parties/fay/keys | {'id':'0000000000000000'} | 400 | json/missing-member
        operator | /parties/fay/keys | {'id':'0000000000000000'¦'secret_hash':'$nohash'} | 422 | key/made-here
        operator | /parties/fay/keys/0/revoke | `` | 400 | api-key/id
        operator | /parties/fay/keys/0000000000000000/revoke | `` | 404 | key/unknown
        ada      | /parties/bob/keys | {} | 403 | auth/signature-needed
        fay      | /parties/bob/keys | {} | 404 | party/unknown
        fay      | /parties/bob/keys/0000000000000000/revoke | `` | 404 | party/unknown
        ada      | /parties/ada/signing-key | {} | 403 | auth/signature-needed
        operator | /parties/%20/keys | {} | 400 | party/malformed-id
        cleo | /datasets | {} | 400 | json/missing-member
        cleo | /datasets | {'dataset_id':'d'¦'title':'T'¦'members':{}} | 400 | json/wrong-type
        cleo | /datasets | {'dataset_id':'d'¦'title':'T'¦'members':[]} | 422 | catalog/members
        cleo | /datasets | {'dataset_id':'d'¦'title':''¦'members':[{'content_id':'sha256:$nohash'¦'creator_id':'ada'}]} | 422 | catalog/title
        cleo | /datasets | {'dataset_id':'d'¦'title':'T'¦'members':[{'content_id':'sha256:$nohash'¦'creator_id':'ada'}]} | 422 | catalog/member-unknown
        cleo | /datasets | {'dataset_id':'d'¦'title':'T'¦'members':[{'content_id':'md5:1'¦'creator_id':'ada'}]} | 422 | content-id/malformed
        cleo | /datasets | {'dataset_id':'d'¦'title':'T'¦'members':[{'content_id':'sha256:$nohash'¦'creator_id':'ada'}¦{'content_id':'sha256:$nohash'¦'creator_id':'bob'}]} | 422 | catalog/duplicate-member
        dan | /contracts/negotiations | {} | 400 | json/missing-member
        dan | /contracts/negotiations | 'x' | 400 | json/not-an-object
        dan | /jobs | {'contract_id':'cnf-9'¦'model':'m'} | 404 | contract/unknown
        eve | /jobs | {'contract_id':'cnf-1'¦'model':'m'} | 404 | contract/unknown
        dan | /jobs | {'contract_id':'cnf-1'¦'model':''} | 422 | job/model
        dan | /jobs | {'contract_id':'cnf-1'¦'model':'other'¦'job_id':'job-1'} | 409 | job/conflict
        dan | /jobs/job-9/tokens | {'scope':'training'¦'ttl':'PT1H'} | 404 | job/unknown
        eve | /jobs/job-1/tokens | {'scope':'training'¦'ttl':'PT1H'} | 404 | job/unknown
        dan | /jobs/job-1/tokens | {'scope':'everything'¦'ttl':'PT1H'} | 422 | scope/unknown
        dan | /jobs/job-1/tokens | {'scope':'inference'¦'ttl':'PT1H'} | 403 | token/scope
        dan | /jobs/job-1/tokens | {'scope':'training'¦'ttl':'PT25H'} | 422 | token/ttl
        dan | /jobs/job-1/tokens | {'scope':'training'¦'ttl':'PT0S'} | 422 | token/ttl
        dan | /jobs/job-1/tokens | {'scope':'training'¦'ttl':'an hour'} | 400 | json/duration
        dan | /jobs/job-1/tokens | {'scope':'training'¦'ttl':'PT1H'¦'quota':0} | 400 | json/number-out-of-range
        dan | /jobs/job-1/tokens | {'scope':'training'¦'ttl':'PT1H'¦'quota':1.5} | 400 | json/not-an-integer
        dan | /jobs/job-1/close | {} | 400 | json/missing-member
        dan | /jobs/job-1/close | {'trained_on':['x']} | 422 | content-id/malformed
        eve | /jobs/job-1/close | {'trained_on':[]} | 404 | job/unknown
        eve | /tokens/$token/revoke | {'reason':'r'} | 404 | token/unknown
        dan | /tokens/short/revoke | {'reason':'r'} | 400 | token-id/malformed
        dan | /tokens/$token/revoke | {} | 400 | json/missing-member
        eve | /contracts/cnf-1/revoke | {'reason':'r'} | 404 | contract/unknown
        dan | /contracts/cnf-1/revoke | {'reason':''} | 400 | json/text-length
        dan | /contracts/cnf-9/revoke | {'reason':'r'} | 404 | contract/unknown
        operator | /contracts/cnf-9/escrow | {'amount':{'amount':'1.00'¦'currency':'USD'}¦'reference':'r'} | 404 | contract/unknown
        operator | /contracts/cnf-1/escrow | {'amount':{'amount':'-1.00'¦'currency':'USD'}¦'reference':'r'} | 422 | escrow/amount
        operator | /contracts/cnf-1/escrow | {'amount':{'amount':'1.0000001'¦'currency':'USD'}¦'reference':'r'} | 422 | money/too-precise
        operator | /contracts/cnf-1/escrow | {'amount':{'amount':'1e3'¦'currency':'USD'}¦'reference':'r'} | 422 | money/malformed
        operator | /contracts/cnf-1/escrow | {'amount':{'amount':'1.00'¦'currency':'ZZZ'}¦'reference':'r'} | 422 | money/unknown-currency
        operator | /contracts/cnf-1/escrow | {'amount':{'amount':'1.00'¦'currency':'EUR'}¦'reference':'r'} | 409 | escrow/currency
        operator | /contracts/cnf-1/escrow | {'amount':1.00¦'reference':'r'} | 400 | json/not-an-object
        operator | /edges | {'name':''} | 422 | edge/name
        edge-2 | /edges/1/certificates | {'key':'$key'¦'proof':'AAAA'} | 404 | edge/unknown
        edge-1 | /edges/1/certificates | {'key':'$key'¦'proof':'AAAA'} | 403 | edge/key-proof
        edge-1 | /edges/1/certificates | {'key':'$key'¦'proof':'!'} | 422 | edge/key-proof
        edge-1 | /edges/0/certificates | {'key':'$key'¦'proof':'AAAA'} | 400 | http/number
        edge-1 | /edges/x/certificates | {'key':'$key'¦'proof':'AAAA'} | 400 | http/number
        operator | /edges/99/revoke | {'reason':'r'} | 404 | edge/unknown
        operator | /edges/1/revoke | {'reason':'r'¦'epoch':9} | 404 | edge/unknown-epoch
        dan | /usage/events | {} | 400 | json/missing-member
        dan | /training/validate | {'model':'m'¦'datasets':[]¦'trainingWindow':'P30D'} | 422 | gate/datasets
        dan | /training/validate | {'model':'m'¦'datasets':['d']¦'trainingWindow':'soon'} | 422 | gate/window
        dan | /training/validate | {'model':'m'¦'datasets':['d']¦'trainingWindow':'P-1D'} | 422 | gate/window
        dan | /training/validate | {'model':'m'¦'datasets':[7]¦'trainingWindow':'P1D'} | 400 | json/not-an-object
        operator | /settlement/closes | {'period':'p'¦'from':'2026-01-01T00:00:00Z'} | 400 | json/missing-member
        operator | /settlement/closes | {'period':'p'¦'from':'2026-02-01T00:00:00Z'¦'to':'2026-01-01T00:00:00Z'} | 422 | settlement/period
        operator | /settlement/closes | {'period':'p'¦'from':'2026-02-01T00:00:00Z'¦'to':'9999-01-01T00:00:00Z'} | 409 | settlement/period-not-over
        operator | /settlement/closes | {'period':'p'¦'from':'yesterday'¦'to':'2026-01-01T00:00:00Z'} | 422 | time/malformed
        ada | /payouts/schedule | {'rail':'sepa'¦'destination':'x'¦'currency':'USD'¦'schedule':'never'} | 422 | payout/schedule
        ada | /payouts/schedule | {'rail':'SEPA!'¦'destination':'x'¦'currency':'USD'¦'schedule':'weekly'} | 422 | payout/rail
        ada | /payouts/schedule | {'rail':'sepa'¦'destination':''¦'currency':'USD'¦'schedule':'weekly'} | 422 | payout/destination
        ada | /payouts/schedule | {'rail':'sepa'¦'destination':'x'¦'currency':'USD'¦'schedule':'weekly'¦'minimum':{'amount':'0.00'¦'currency':'USD'}} | 422 | payout/minimum
        """)
    void aBadBodyIsRefusedAndChangesNothing(String who, String target, String body, int status, String type) {
        long before = stage.platform().running().log().size();
        ApiFixture.Reply reply = body == null || body.isEmpty()
                ? stage.send(who, "POST", filled(target), Map.of(), "")
                : stage.post(who, filled(target), filled(body));
        assertThat(reply.status() + " " + reply.type()).isEqualTo(status + " " + type);
        assertThat(stage.platform().running().log().size()).isEqualTo(before);
    }

    /** Questions: who, target, status and type. */
    @ParameterizedTest(name = "{1} as {0}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
        bob  | /parties/ada | 404 | party/unknown
        fay  | /parties/nobody | 404 | party/unknown
        ada  | /parties/ada?x=1 | 400 | http/unknown-parameter
        ada  | /manifests/mf-0 | 404 | manifest/unknown
        ada  | /ledger/accounts/nonsense | 400 | account/malformed-name
        ada  | /ledger/accounts/payable:bob | 404 | account/unknown
        dan  | /ledger/accounts/escrow:cnf-9 | 404 | account/unknown
        eve  | /ledger/accounts/escrow:cnf-1 | 404 | account/unknown
        ada  | /contracts/cnf-9 | 404 | contract/unknown
        eve  | /contracts/cnf-1 | 404 | contract/unknown
        eve  | /jobs/job-1/crosscheck | 404 | job/unknown
        fay  | /jobs/job-9/crosscheck | 404 | job/unknown
        eve  | /datasets/versions/$root/members | 403 | dataset-version/members-not-shown
        fay  | /datasets/versions/$nohash/members | 404 | dataset-version/unknown
        fay  | /datasets/versions/xyz/members | 400 | hash/malformed
        dan  | /usage/metrics | 400 | http/missing-parameter
        dan  | /usage/metrics?contract_id=cnf-1&contract_id=cnf-1 | 400 | http/duplicate-parameter
        dan  | /usage/metrics?contract_id=%00 | 400 | contract/malformed-id
        eve  | /usage/metrics?contract_id=cnf-1 | 404 | contract/unknown
        ada  | /usage/metrics?contract_id=cnf-1&creator=bob | 404 | creator/unknown
        dan  | /usage/metrics?contract_id=cnf-1&from=today | 400 | http/day
        dan  | /usage/metrics?contract_id=cnf-1&scope=all | 400 | scope/unknown
        dan  | /usage/metrics?contract_id=cnf-1&detail=all | 400 | http/unknown-detail
        dan  | /usage/metrics?contract_id=cnf-1&limit=0 | 400 | http/number
        dan  | /usage/metrics?contract_id=cnf-1&limit=1000000 | 400 | http/number
        ada  | /marketplace/datasets?limit=x | 400 | http/number
        ada  | /marketplace/datasets?cursor=zzz | 400 | catalog/cursor
        ada  | /marketplace/datasets?q= | 400 | catalog/query
        ada  | /statements?cursor=zzz | 400 | settlement/malformed-cursor
        ada  | /statements?party=bob | 404 | party/unknown
        ada  | /statements/st-0 | 404 | statement/unknown
        ada  | /statements/st-0/file | 404 | statement/unknown
        dan  | /invoices/iv-0 | 404 | invoice/unknown
        dan  | /invoices?cursor=zzz | 400 | settlement/malformed-cursor
        ada  | /payouts?cursor=zzz | 400 | payout/malformed-cursor
        ada  | /explain/nonsense | 400 | explain/malformed
        ada  | /explain/r-9-9-9 | 404 | explain/unknown
        edge-1 | /edges/2/revocations | 404 | edge/unknown
        edge-1 | /edges/1/revocations?after=-1 | 400 | http/number
        edge-1 | /blobs/sha256:$nohash | 404 | work/unknown
        edge-1 | /blobs/sha256:xyz | 400 | content-id/malformed
        ada  | /edges/1/certificates/9 | 404 | certificate/unknown
        ada  | /edges/1/certificates/0 | 400 | http/number
        fay  | /log/tile/entries/999 | 404 | log/no-tile
        ada  | /log/tile/0/999 | 404 | log/no-tile
        ada  | /log/tile/../checkpoint | 400 | tile/path
        ada  | /log/tile/0/x | 400 | tile/path
        ada  | /nothing/here | 404 | http/unknown-path
        """)
    void aBadQuestionIsRefused(String who, String target, int status, String type) {
        ApiFixture.Reply reply = stage.get(who, filled(target));
        assertThat(reply.status() + " " + reply.type()).isEqualTo(status + " " + type);
    }

    @Test
    void keysThatAreNoneAreRefused() {
        for (String key : List.of("tsk_", "tsk_a_b", "x", stage.apiKey("ada") + "x", "", "tsk_a_b_c_d")) {
            stage.apiKey("stranger", key);
            assertThat(stage.get("stranger", "/parties/ada")).returns(401, ApiFixture.Reply::status);
        }
        ApiFixture.Reply basic = stage.send("", "GET", "/parties/ada", Map.of("Authorization", "Basic YTpi"), "");
        assertThat(basic.type()).isEqualTo("auth/key-invalid");
        assertThat(basic.header("WWW-Authenticate")).isPresent();
    }

    @Test
    void aBodyOfAnotherTypeIsRefused() {
        Map<String, String> text = Map.of("Content-Type", "text/plain");
        assertThat(stage.send("operator", "POST", "/parties", text, "{}").type())
                .isEqualTo("http/unsupported-media-type");
        assertThat(stage.send("operator", "POST", "/parties", Map.of(), "{}").type())
                .isEqualTo("http/unsupported-media-type");
        assertThat(stage.send("edge-1", "POST", "/deliveries/batches", text, "{}")
                        .type())
                .isEqualTo("http/unsupported-media-type");
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        String large = "{\"name\":\"" + "x".repeat(70_000) + "\"}";
        assertThat(stage.post("operator", "/edges", large))
                .returns(413, ApiFixture.Reply::status)
                .returns("http/body-too-large", ApiFixture.Reply::type);
        assertThat(stage.send(
                                "edge-1",
                                "POST",
                                "/deliveries/batches",
                                Map.of("Content-Type", "application/vnd.tallystick.bundle"),
                                new byte[(8 << 20) + 1])
                        .type())
                .isEqualTo("http/body-too-large");
    }

    @Test
    void aBodyWithoutLengthIsCutAtTheLimit() throws IOException {
        assertThat(raw("POST /edges HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + stage.apiKey("operator")
                        + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + ("2000\r\n" + " ".repeat(0x2000) + "\r\n").repeat(10) + "0\r\n\r\n"))
                .contains("413")
                .contains("http/body-too-large");
    }

    @Test
    void aRequestTheWebServerRefusesIsAProblemToo() throws IOException {
        assertThat(raw("GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .contains("400");
        assertThat(raw("GET /keys HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(80_000) + "\r\n\r\n"))
                .contains("431");
        assertThat(stage.send("operator", "DELETE", "/parties", Map.of(), ""))
                .returns(405, ApiFixture.Reply::status)
                .returns("http/method-not-allowed", ApiFixture.Reply::type);
    }

    @Test
    void badBundlesAreRefused() {
        Signer stranger = SigningKey.generate().signer();
        List<ContentId> works = List.of(ContentId.of(new byte[] {1}));
        byte[] forged = ApiFixture.batch(1, 1, 1, token, works, stranger, stage.now());
        byte[] future =
                ApiFixture.batch(1, 1, 1, token, works, stranger, stage.now().plus(Duration.ofDays(2)));
        byte[] flipped = ApiFixture.batch(1, 1, 1, token, works, EDGE_KEY, stage.now());
        flipped[flipped.length - 1] ^= 1;
        byte[] cut = java.util.Arrays.copyOf(forged, forged.length - 1);
        assertThat(ship("edge-1", new byte[0])).isEqualTo("422 bundle/empty");
        assertThat(ship("edge-1", cut)).isEqualTo("422 batch/truncated");
        assertThat(ship("edge-1", flipped)).isEqualTo("422 batch/root");
        assertThat(ship("edge-1", forged)).isEqualTo("422 batch/signature");
        assertThat(ship("edge-2", forged)).isEqualTo("403 delivery/wrong-edge");
        assertThat(ship("edge-1", future)).startsWith("422 ");
    }

    private static String ship(String who, byte[] bundle) {
        ApiFixture.Reply reply = stage.send(
                who,
                "POST",
                "/deliveries/batches",
                Map.of("Content-Type", "application/vnd.tallystick.bundle"),
                bundle);
        return reply.status() + " " + reply.type();
    }

    @Test
    void badContractsAreRefused() {
        String good = Jcs.text(ApiFixture.terms("cnf-2", version, "dan"));
        Map<String, String> changes = Map.of(
                good.replace("0.8}", "0.7}"), "contract/split-not-whole",
                good.replace("\"pricePerUnitUsd\":0.005", "\"pricePerUnitUsd\":-1"), "contract/price-negative",
                good.replace("\"pricePerUnitUsd\":0.005,", ""), "contract/price-missing",
                good.replace("P1Y", "one year"), "contract/duration",
                good.replace("\"unit\":\"sample\"", "\"unit\":\"furlong\""), "contract/unit-unknown");
        changes.forEach((body, type) -> {
            ApiFixture.Reply reply = stage.post("operator", "/contracts/negotiations", body);
            assertThat(reply.type()).as(body).isEqualTo(type);
        });
        assertThat(stage.post("eve", "/contracts/negotiations", good).type()).isEqualTo("contract/not-a-party");
        assertThat(stage.post("dan", "/contracts/negotiations", good).type()).isEqualTo("contract/signature-missing");
    }

    @Test
    void badManifestsAreRefused() {
        assertThat(upload("ada", "{}")).isEqualTo("400 json/missing-member");
        assertThat(upload("ada", "{\"creator_id\":\"ada\",\"license_uri\":\"x\"}"))
                .isEqualTo("422 manifest/license-uri");
        assertThat(upload("ada", manifest("bob", ""))).isEqualTo("403 upload/not-yours");
        assertThat(upload("cleo", manifest("ada", ""))).isEqualTo("403 upload/signature-needed");
        assertThat(upload("ada", manifest("ada", ",\"content_id\":\"sha256:" + NO_HASH + "\"")))
                .isEqualTo("422 manifest/content-id-mismatch");
        assertThat(upload("ada", manifest("ada", ",\"content_id\":\"sha256:...\"")))
                .isEqualTo("422 manifest/content-id-mismatch");
        assertThat(upload("ada", manifest("ada", ",\"upload_ts\":\"9999-01-01T00:00:00Z\"")))
                .isEqualTo("422 manifest/future-dated");
        Map<String, String> octets = Map.of("Content-Type", "application/octet-stream");
        assertThat(stage.send("ada", "POST", "/ingest/uploads", octets, "x").type())
                .isEqualTo("upload/manifest-missing");
        Map<String, String> garbled =
                Map.of("Content-Type", "application/octet-stream", "Tallystick-Manifest", "not base64!");
        assertThat(stage.send("ada", "POST", "/ingest/uploads", garbled, "x").type())
                .isEqualTo("upload/manifest-malformed");
    }

    private static String manifest(String creator, String more) {
        return "{\"creator_id\":\"" + creator + "\",\"license_uri\":\"" + ApiFixture.LICENCE + "\"" + more + "}";
    }

    private static String upload(String who, String manifest) {
        ApiFixture.Reply reply = stage.send(
                who,
                "POST",
                "/ingest/uploads",
                Map.of(
                        "Content-Type",
                        "application/octet-stream",
                        "Tallystick-Manifest",
                        Base64Url.encode(manifest.getBytes(StandardCharsets.UTF_8))),
                "content");
        return reply.status() + " " + reply.type();
    }

    /** Sends bytes as they are and reads what comes until the server closes or falls silent. */
    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket(stage.uri().getHost(), stage.uri().getPort())) {
            socket.setSoTimeout(2_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            InputStream in = socket.getInputStream();
            byte[] answer = new byte[8192];
            int length = Math.max(0, in.read(answer));
            return new String(answer, 0, length, StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void theSampleContractAsItStandsIsUnderstoodAndRefusedForItsSignature() {
        String sample = """
            {"@context": "https://schema.org/", "@type": "DataContract", "contractId": "cnf-123456",
             "datasetId": "hn-98765", "license": {"type": "restricted-training",
             "permittedUses": ["model-training", "evaluation"],
             "forbiddenUses": ["model-weight-distribution", "derivative-commercialization-without-royalty"],
             "duration": "P1Y", "regionRestrictions": ["EU"]},
             "pricing": {"model": "micropay", "unit": "sample", "pricePerUnitUsd": 0.005},
             "payout": {"type": "monthly-reconciliation", "escrowProvider": "cloudflare-escrow-v1",
             "split": [{"recipientId": "creator-42", "share": 0.80}, {"recipientId": "curator-11", "share": 0.20}]},
             "signatures": [{"party": "creator-42", "sig": "0xabc...", "timestamp": "2026-01-05T12:34:56Z"}]}
            """;
        ApiFixture.Reply reply = stage.post("operator", "/contracts/negotiations", sample);
        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.json().get("findings").orElseThrow().toString()).contains("contract/signature-malformed");
        String event = """
            {"eventType": "usage.batch", "contractId": "cnf-1", "batchId": "b-20260116-0001", "sampleCount": 4720,
             "pricePerSampleUsd": 0.005, "signature": "0xdeadbeef...", "timestamp": "2026-01-16T18:00:00Z"}
            """;
        assertThat(stage.post("dan", "/usage/events", event).type()).isEqualTo("usage-event/signature");
        assertThat(stage.post("eve", "/usage/events", event).type()).isEqualTo("contract/unknown");
        assertThat(Hash.ofHex(NO_HASH)).isNotNull();
    }
}
