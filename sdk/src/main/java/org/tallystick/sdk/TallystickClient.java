package org.tallystick.sdk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.receipt.TokenId;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.terms.ContractDocument;

/**
 * The platform's HTTP API, one method for each operation of its OpenAPI document.
 *
 * <p>Every call throws {@link ProblemException} for a refusal (nothing was changed) and {@link UnreachableException} when
 * no answer came after all tries. Commands carry an {@code Idempotency-Key} that stays the same over the tries of one
 * call, so trying again never does a thing twice. Safe from any thread.
 *
 * <pre>{@code
 * TallystickClient buyer = TallystickClient.builder(URI.create("http://localhost:8080")).apiKey(key).build();
 * Job job = buyer.openJob("cnf-1", "my-model");
 * OrderedWorks works = new JobOrders(buyer, key, secret).order(job, Scope.TRAINING);
 * }</pre>
 */
public final class TallystickClient {
    final Rest rest;
    final InstantSource clock;

    private TallystickClient(Rest rest, InstantSource clock) {
        this.rest = rest;
        this.clock = clock;
    }

    /** Begins a client of the platform at that address. */
    public static Builder builder(URI platform) {
        return new Builder(platform);
    }

    /** Settings of a client. Not thread-safe. */
    public static final class Builder {
        private final URI platform;
        private Optional<String> apiKey = Optional.empty();
        private Optional<HttpClient> http = Optional.empty();
        private Retry retry = Retry.standard();
        private Duration timeout = Duration.ofMinutes(5);
        private InstantSource clock = InstantSource.system();

        private Builder(URI platform) {
            this.platform = platform;
        }

        /** Whose key to show; without one only what is public can be asked. */
        public Builder apiKey(String key) {
            this.apiKey = Optional.of(key.strip());
            return this;
        }

        /** Shares connections with others; without it the client makes its own. */
        public Builder http(HttpClient client) {
            this.http = Optional.of(client);
            return this;
        }

        /** How patiently to try again; {@link Retry#standard} by default. */
        public Builder retry(Retry policy) {
            this.retry = policy;
            return this;
        }

        /** How long one try may take, body included; five minutes by default. */
        public Builder timeout(Duration most) {
            this.timeout = most;
            return this;
        }

        /** What says when a request is signed; the system's clock by default. */
        public Builder clock(InstantSource source) {
            this.clock = source;
            return this;
        }

        public TallystickClient build() {
            Rest rest = new Rest(
                    new Transport(http.orElseGet(Transport::newHttpClient), platform, retry, timeout),
                    apiKey,
                    () -> UUID.randomUUID().toString());
            return new TallystickClient(rest, clock);
        }
    }

    /** The same client with another party's key. */
    public TallystickClient as(String otherKey) {
        return new TallystickClient(rest.as(otherKey.strip()), clock);
    }

    /**
     * The same client for one command that must not be done twice even across restarts of the caller: its {@code
     * Idempotency-Key} is the given one. Use it for one command only; another one under the same key is refused.
     */
    public TallystickClient once(String idempotencyKey) {
        return new TallystickClient(rest.once(idempotencyKey), clock);
    }

    // ---- the service

    /** Whether the platform is able to work; asks once only. */
    public boolean isHealthy() {
        return rest.isHealthy();
    }

    /** The platform's public keys. */
    public PlatformKeys keys() {
        return rest.get("/keys", PlatformKeys::of);
    }

    /** The registry of parties, their API keys and what happened to those; mostly for operators. */
    public Registry registry() {
        return new Registry(this);
    }

    /** The client of a party that asks for an API key of its own, signed with its registered key. */
    public TallystickClient enter(String party, Signer key) {
        return as(new PartyKeys(this, party, key).create());
    }

    /** A party. */
    public Party party(String id) {
        return rest.get("/parties/" + Rest.segment(id), Party::of);
    }

    // ---- works

    /** Uploads a work held in memory. */
    public UploadReceipt upload(ManifestDraft manifest, byte[] content) {
        return upload(manifest, () -> BodyPublishers.ofByteArray(content));
    }

    /**
     * Uploads a work from a file, in one request.
     *
     * @throws UncheckedIOException if the file cannot be read
     */
    public UploadReceipt upload(ManifestDraft manifest, Path file) {
        return upload(manifest, () -> {
            try {
                return BodyPublishers.ofFile(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private UploadReceipt upload(ManifestDraft manifest, Supplier<BodyPublisher> body) {
        Transport.Call call = Rest.sending("/ingest/uploads", "application/octet-stream", body)
                .header("Tallystick-Manifest", Base64Url.encode(Jcs.bytes(manifest.json())));
        return rest.send(call, UploadReceipt::of);
    }

    /**
     * Uploads a large work in parts, going on where a broken connection left off.
     *
     * @param partBytes length of a part, at least 1
     * @throws UncheckedIOException if the file cannot be read
     */
    public UploadReceipt uploadResumable(ManifestDraft manifest, Path file, int partBytes) {
        return new ResumableUpload(rest, file, partBytes).run(manifest);
    }

    /** A manifest and its receipt. */
    public Manifest manifest(String id) {
        return rest.get("/manifests/" + Rest.segment(id), Manifest::of);
    }

    /** A manifest as W3C PROV-O ({@code prov}) or RO-Crate metadata ({@code ro-crate}), both JSON-LD. */
    public Json.Obj manifestAs(String id, String format) {
        return rest.get("/manifests/" + Rest.segment(id) + Rest.query(Map.of("format", format)), Fields::object);
    }

    // ---- datasets

    /** Publishes an immutable dataset version (curator). */
    public DatasetVersion publish(String dataset, String title, String description, Map<ContentId, String> creators) {
        List<Json.Obj> members = creators.entrySet().stream()
                .map(member -> Json.object()
                        .put("content_id", member.getKey().toString())
                        .put("creator_id", member.getValue())
                        .build())
                .toList();
        return rest.post(
                "/datasets",
                Json.object()
                        .put("dataset_id", dataset)
                        .put("title", title)
                        .put("description", description)
                        .put("members", Json.array(members))
                        .build(),
                DatasetVersion::of);
    }

    /** Searches the marketplace. */
    public PageOf<DatasetVersion> search(DatasetQuery query) {
        return rest.get(
                "/marketplace/datasets" + Rest.query(query.parameters()), page -> PageOf.of(page, DatasetVersion::of));
    }

    /** A dataset version. */
    public DatasetVersion datasetVersion(Hash root) {
        return rest.get("/datasets/versions/" + root.hex(), DatasetVersion::of);
    }

    /** The works of a dataset version. */
    public DatasetMembers members(Hash root) {
        return rest.get("/datasets/versions/" + root.hex() + "/members", DatasetMembers::of);
    }

    // ---- contracts

    /** Concludes a contract that every party has signed. */
    public Contract conclude(ContractDocument signed) {
        return rest.post("/contracts/negotiations", signed.json(), Contract::of);
    }

    /** A contract. */
    public Contract contract(String id) {
        return rest.get("/contracts/" + Rest.segment(id), Contract::of);
    }

    /** Revokes a contract: new deliveries stop, what was delivered is still owed. */
    public Contract revokeContract(String id, String reason) {
        return rest.post("/contracts/" + Rest.segment(id) + "/revoke", reason(reason), Contract::of);
    }

    /**
     * Records money received into a contract's escrow (operator).
     *
     * @param reference the payment's own; the same again books nothing
     */
    public Escrow fundEscrow(String contract, Amount amount, String reference) {
        return rest.post(
                "/contracts/" + Rest.segment(contract) + "/escrow",
                Json.object()
                        .put("amount", amount.json())
                        .put("reference", reference)
                        .build(),
                Escrow::of);
    }

    /**
     * Guarantees for a contract's buyer up to a limit, which takes the place of an earlier one (operator): works are delivered
     * and payees credited though escrow does not cover them.
     *
     * @return the limit
     */
    public Amount grantCredit(String contract, Amount limit) {
        return rest.post(
                "/contracts/" + Rest.segment(contract) + "/credit",
                Json.object().put("limit", limit.json()).build(),
                body -> Amount.of(body.fields("limit")));
    }

    // ---- jobs and tokens

    /** Opens a job under an id the platform makes up (buyer). */
    public Job openJob(String contract, String model) {
        return openJob(contract, Optional.empty(), model);
    }

    /** Opens a job (buyer). */
    public Job openJob(String contract, Optional<String> jobId, String model) {
        return rest.post(
                "/jobs",
                Json.object()
                        .put("contract_id", contract)
                        .putIfPresent("job_id", jobId)
                        .put("model", model)
                        .build(),
                Job::of);
    }

    /**
     * Gets a plain scoped token (buyer), whose uses are proven by the edge's receipt alone; see {@link JobOrders} for better.
     *
     * @param ttl at most 24 hours
     * @param quota most deliveries an edge makes under it
     */
    public Token issueToken(String job, Scope scope, Duration ttl, Optional<Long> quota) {
        Json.Builder body = Json.object().put("scope", scope.word()).put("ttl", ttl.toString());
        quota.ifPresent(most -> body.put("quota", most));
        return rest.post("/jobs/" + Rest.segment(job) + "/tokens", body.build(), Token::of);
    }

    /** Revokes a token: edges refuse it within seconds. */
    public void revokeToken(TokenId token, String reason) {
        rest.post("/tokens/" + token + "/revoke", reason(reason), fields -> fields.text("token_id"));
    }

    /** Closes a job with the works it trained on (buyer). */
    public Job closeJob(String job, List<ContentId> trainedOn) {
        Json.Arr works =
                Json.strings(trainedOn.stream().map(ContentId::toString).toList());
        return rest.post(
                "/jobs/" + Rest.segment(job) + "/close",
                Json.object().put("trained_on", works).build(),
                Job::of);
    }

    /** Compares a job's receipts with its training manifest. */
    public CrossCheck crossCheck(String job) {
        return rest.get("/jobs/" + Rest.segment(job) + "/crosscheck", CrossCheck::of);
    }

    /** Registers an edge (operator). */
    public EdgeRegistration registerEdge(String name) {
        return rest.post("/edges", Json.object().put("name", name).build(), EdgeRegistration::of);
    }

    /**
     * Has an edge's key certified for a new epoch (that edge).
     *
     * @return the certificate, a compact JWS
     */
    public String certifyEdge(int edge, Signer key) {
        DidKey did = new DidKey(key.publicKey());
        byte[] message = ("tallystick/edge-key/v1\n" + edge + "\n" + did).getBytes(StandardCharsets.UTF_8);
        return rest.post(
                "/edges/" + edge + "/certificates",
                Json.object()
                        .put("key", did.toString())
                        .put("proof", Base64Url.encode(key.sign(message)))
                        .build(),
                fields -> fields.text("certificate"));
    }

    /** An edge's certificate, a compact JWS. */
    public String edgeCertificate(int edge, int epoch) {
        return rest.get("/edges/" + edge + "/certificates/" + epoch, fields -> fields.text("certificate"));
    }

    /** What edges must no longer serve, since a position. */
    public Revocations revocations(int edge, long after) {
        return rest.get(
                "/edges/" + edge + "/revocations" + Rest.query(Map.of("after", Long.toString(after))), Revocations::of);
    }

    /** Revokes an edge (operator). */
    public void revokeEdge(int edge, String reason) {
        rest.post("/edges/" + edge + "/revoke", reason(reason), fields -> fields.integer("edge", 1, Integer.MAX_VALUE));
    }

    /** Ships batches, one after another of one edge (that edge). */
    public Acknowledgement ship(byte[] bundle) {
        Transport.Call call = Rest.sending(
                "/deliveries/batches", "application/vnd.tallystick.bundle", () -> BodyPublishers.ofByteArray(bundle));
        return rest.send(call, Acknowledgement::of);
    }

    /**
     * Reports a usage event (buyer).
     *
     * @return whether it had been reported before, so that nothing was counted now
     */
    public boolean report(UsageEvent signed) {
        return rest.post(
                "/usage/events",
                signed.json(),
                fields -> fields.optionalBool("repeated").orElse(false));
    }

    /** Metered usage. */
    public UsageMetrics usage(UsageQuery query) {
        return rest.get("/usage/metrics" + Rest.query(query.parameters()), UsageMetrics::of);
    }

    /** Whether a training job may run. */
    public Verdict validateTraining(TrainingJob job) {
        return rest.post("/training/validate", job.json(), Verdict::of);
    }

    // ---- money

    /** Closes a period (operator). */
    public Close closePeriod(String period, Instant from, Instant to) {
        return rest.post(
                "/settlement/closes",
                Json.object()
                        .put("period", period)
                        .put("from", from)
                        .put("to", to)
                        .build(),
                Close::of);
    }

    /**
     * Statements.
     *
     * @param filter {@code party}, {@code period}, {@code limit}, {@code cursor}; each optional
     */
    public PageOf<StatementSummary> statements(Map<String, String> filter) {
        return rest.get("/statements" + Rest.query(filter), page -> PageOf.of(page, StatementSummary::of));
    }

    /** A statement as it was signed. */
    public Json.Obj statement(String id) {
        return rest.get("/statements/" + Rest.segment(id), Fields::object);
    }

    /**
     * Writes a statement with all its evidence to a file that verifies offline; a broken connection begins anew.
     *
     * @throws UncheckedIOException if the file cannot be written
     */
    public void statementFile(String id, Path file) {
        rest.download("/statements/" + Rest.segment(id) + "/file", file);
    }

    /** Invoices; the filter may have {@code contract_id}, {@code period}, {@code limit}, {@code cursor}. */
    public PageOf<InvoiceSummary> invoices(Map<String, String> filter) {
        return rest.get("/invoices" + Rest.query(filter), page -> PageOf.of(page, InvoiceSummary::of));
    }

    /** An invoice as it was signed. */
    public Json.Obj invoice(String id) {
        return rest.get("/invoices/" + Rest.segment(id), Fields::object);
    }

    /** As {@link #statementFile}, of an invoice. */
    public void invoiceFile(String id, Path file) {
        rest.download("/invoices/" + Rest.segment(id) + "/file", file);
    }

    /** Records how the caller wants to be paid. */
    public Payout schedulePayout(PayoutInstruction instruction) {
        return rest.post("/payouts/schedule", instruction.json(), Payout::of);
    }

    /**
     * Payout instructions.
     *
     * @param filter {@code party}, {@code limit}, {@code cursor}; each optional
     */
    public PageOf<Payout> payouts(Map<String, String> filter) {
        return rest.get("/payouts" + Rest.query(filter), page -> PageOf.of(page, Payout::of));
    }

    /** A ledger account. */
    public Account account(String name) {
        return rest.get("/ledger/accounts/" + Rest.segment(name), Account::of);
    }

    /** Every ledger account; the platform has checked that debits equal credits. */
    public List<Account> trialBalance() {
        return PageOf.all(next -> rest.get(
                "/ledger/trial-balance"
                        + Rest.query(next.map(at -> Map.of("cursor", at)).orElse(Map.of())),
                fields -> PageOf.of(fields, "accounts", Account::of)));
    }

    // ---- audit

    /** What a receipt, use, posting, statement line or invoice is made of, and what it became part of. */
    public Explanation explain(String ref) {
        return rest.get("/explain/" + Rest.segment(ref).replace("%2F", "/"), Explanation::of);
    }

    /** The platform's log. */
    public LogReader log() {
        return new LogReader(rest);
    }

    private static Json.Obj reason(String reason) {
        return Json.object().put("reason", reason).build();
    }
}
