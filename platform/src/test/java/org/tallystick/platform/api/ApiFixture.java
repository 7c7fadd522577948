package org.tallystick.platform.api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.tallystick.platform.api.dispatch.Problems;
import org.tallystick.platform.app.TestPlatform;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.ApiKey;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.sdk.Amount;
import org.tallystick.sdk.DatasetVersion;
import org.tallystick.sdk.ManifestDraft;
import org.tallystick.sdk.PartyKeys;
import org.tallystick.sdk.Retry;
import org.tallystick.sdk.Role;
import org.tallystick.sdk.SigningKey;
import org.tallystick.sdk.TallystickClient;
import org.tallystick.sdk.Token;
import org.tallystick.sdk.UploadReceipt;

/** A platform with a small cast on it, all of whose answers are held to the document. */
public final class ApiFixture implements AutoCloseable {
    /** Lengths of the works uploaded, for the leaves of {@link #batch}. */
    private static final Map<ContentId, Integer> LENGTHS = new ConcurrentHashMap<>();

    static final String LICENCE = "https://marketplace.example/licenses/6789";

    private final TestPlatform platform;
    private final CheckedHttp http = new CheckedHttp();
    private final Map<String, SigningKey> keys = new LinkedHashMap<>();
    private final Map<String, String> apiKeys = new LinkedHashMap<>();

    private ApiFixture(TestPlatform platform) {
        this.platform = platform;
        apiKeys.put("operator", platform.operatorKey());
    }

    public static ApiFixture open(Path data) {
        return open(data, InstantSource.system());
    }

    static ApiFixture open(Path data, InstantSource clock) {
        return new ApiFixture(TestPlatform.start(data, clock));
    }

    /** Creators ada and bob, curator cleo, buyers dan and eve, auditor fay. */
    public ApiFixture withCast() {
        enter("ada", Role.CREATOR);
        enter("bob", Role.CREATOR);
        enter("cleo", Role.CURATOR);
        enter("dan", Role.BUYER);
        enter("eve", Role.BUYER);
        enter("fay", Role.AUDITOR);
        return this;
    }

    TallystickClient enter(String id, Role role) {
        SigningKey key = SigningKey.generate();
        keys.put(id, key);
        client("operator").registry().register(id, role, "Name of " + id, signer(id));
        boolean signs = role == Role.CREATOR || role == Role.CURATOR || role == Role.BUYER;
        apiKeys.put(
                id, signs ? keysOf(id).create() : client("operator").registry().issueKey(id));
        return client(id);
    }

    /** What the party does with its signing key in place of an API key. */
    PartyKeys keysOf(String id) {
        return new PartyKeys(client("operator"), id, signer(id));
    }

    /** A key as an operator of an earlier release made it for any party: a row without a signed request. */
    public String keyMadeByTheOperator(String id) {
        ApiKey.Fresh fresh = ApiKey.generate();
        platform.running()
                .database()
                .write(tx -> tx.execute(
                        "insert into party.personal_key (id, party, secret_hash, bootstrap, issued)"
                                + " values (?, ?, ?, false, now())",
                        fresh.key().id(),
                        id,
                        fresh.key().secretHash().toBytes()));
        return fresh.text();
    }

    public TestPlatform platform() {
        return platform;
    }

    CheckedHttp http() {
        return http;
    }

    URI uri() {
        return platform.uri();
    }

    public TallystickClient client(String id) {
        return TallystickClient.builder(uri())
                .http(http)
                .retry(new Retry(4, Duration.ofMillis(5), Duration.ofMillis(50)))
                .apiKey(apiKey(id))
                .clock(() -> now())
                .build();
    }

    String apiKey(String id) {
        return Optional.ofNullable(apiKeys.get(id)).orElseThrow();
    }

    public void apiKey(String id, String key) {
        apiKeys.put(id, key);
    }

    Signer signer(String id) {
        return Optional.ofNullable(keys.get(id)).orElseThrow().signer(Ed25519::signer);
    }

    Instant now() {
        return platform.running().clock().instant();
    }

    // ---- the usual steps

    UploadReceipt upload(String creator, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        LENGTHS.put(ContentId.of(content), content.length);
        return client(creator)
                .upload(
                        ManifestDraft.of(creator, LICENCE)
                                .mediaType("text/plain")
                                .path(creator + "/" + text),
                        content);
    }

    DatasetVersion publish(String dataset, Map<ContentId, String> members) {
        return client("cleo").publish(dataset, "Title of " + dataset, "Words about " + dataset, members);
    }

    /** A contract of the sample's shape, signed by everyone named. */
    ContractDocument contract(String id, DatasetVersion version, String buyer, List<String> creators) {
        ContractDocument document = ContractDocument.parse(terms(id, version, buyer));
        for (String party : creators) {
            document = document.sign(party, signer(party), now());
        }
        return document.sign("cleo", signer("cleo"), now()).sign(buyer, signer(buyer), now());
    }

    /** Lets the operator guarantee for a contract, so that its buyer gets tokens without a deposit. */
    void guarantee(String contract) {
        client("operator").grantCredit(contract, Amount.of("1000.00", "USD"));
    }

    static Json.Obj terms(String id, DatasetVersion version, String buyer) {
        return Json.parseObject("""
            {"@context": "https://schema.org/", "@type": "DataContract", "contractId": "%s", "datasetId": "%s",
             "datasetVersion": "%s", "buyerId": "%s", "curatorId": "cleo",
             "license": {"type": "restricted-training", "permittedUses": ["model-training", "evaluation"],
               "forbiddenUses": ["model-weight-distribution"], "duration": "P1Y", "regionRestrictions": ["EU"]},
             "pricing": {"model": "micropay", "unit": "sample", "pricePerUnitUsd": 0.005},
             "payout": {"type": "monthly-reconciliation", "escrowProvider": "cloudflare-escrow-v1",
               "split": [{"recipientId": "creators", "share": 0.80}, {"recipientId": "cleo", "share": 0.20}]},
             "signatures": []}
            """.formatted(
                id, version.dataset(), version.root().hex(), buyer).getBytes(StandardCharsets.UTF_8));
    }

    /** A sealed batch of full deliveries under a token. */
    static byte[] batch(int edge, int epoch, long first, Token token, List<ContentId> works, Signer key, Instant now) {
        byte[] leaves = new byte[works.size() * Leaf.LENGTH];
        for (int i = 0; i < works.size(); i++) {
            new Leaf(
                            LeafKind.FULL,
                            Scope.TRAINING,
                            false,
                            edge,
                            epoch,
                            first + i,
                            now.toEpochMilli(),
                            token.grant().tokenId(),
                            works.get(i),
                            LENGTHS.getOrDefault(works.get(i), 10),
                            0,
                            new byte[16])
                    .encode(leaves, i * Leaf.LENGTH);
        }
        Hash previous = BatchHeader.NONE;
        return Batch.seal(leaves, previous, key).encode();
    }

    // ---- raw requests

    /** An answer. */
    public record Reply(int status, Map<String, List<String>> headers, String body) {
        public String type() {
            return Fields.of(Json.parse(body), "problem").text("type").substring(Problems.BASE.length());
        }

        Optional<String> header(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(header -> header.getValue().getFirst())
                    .findFirst();
        }

        public Json.Obj json() {
            return Fields.of(Json.parse(body), "answer").object();
        }
    }

    Reply post(String who, String target, String body) {
        return send(who, "POST", target, Map.of("Content-Type", "application/json"), body);
    }

    Reply get(String who, String target) {
        return send(who, "GET", target, Map.of(), "");
    }

    public Reply send(String who, String method, String target, Map<String, String> headers, String body) {
        return send(who, method, target, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    Reply send(String who, String method, String target, Map<String, String> headers, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri() + target));
        if (!who.isEmpty()) {
            request.header("Authorization", "Bearer " + apiKey(who));
        }
        headers.forEach(request::header);
        request.method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        try {
            HttpResponse<byte[]> answer = http.exchange(request.build());
            return new Reply(
                    answer.statusCode(), answer.headers().map(), new String(answer.body(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        platform.close();
    }
}
