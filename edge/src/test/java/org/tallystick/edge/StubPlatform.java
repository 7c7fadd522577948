package org.tallystick.edge;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.tallystick.edge.keys.Ed25519Provider;
import org.tallystick.edge.keys.Signatures;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * The platform's side of the wire, for an edge an outside party: real HTTP, real signatures, and bundles judged as the
 * platform judges them. Can be away, slow, wrong or forgetful on demand.
 */
final class StubPlatform implements AutoCloseable {
    static final String API_KEY = "tsk_edge-1_secret";

    /** A fast one, for there is much to verify; {@link DeliveryTest} uses the JDK's. */
    static final Verifier VERIFIER = Ed25519Provider.choose(Signatures.AUTO).verifier();

    final JdkEd25519 signer = JdkEd25519.ofSeed("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
    final DidKey key = new DidKey(signer.publicKey());
    final Map<ContentId, byte[]> blobs = new ConcurrentHashMap<>();
    final Map<ContentId, AtomicInteger> blobRequests = new ConcurrentHashMap<>();
    final Map<ContentId, byte[]> chunkLists = new ConcurrentHashMap<>();
    final Map<ContentId, SlowWork> slowly = new ConcurrentHashMap<>();
    final Map<Hash, byte[]> datasets = new ConcurrentHashMap<>();
    final AtomicInteger datasetRequests = new AtomicInteger();
    final Map<Hash, byte[]> orderTables = new ConcurrentHashMap<>();
    final AtomicInteger orderTableRequests = new AtomicInteger();
    final List<EdgeCertificate> certificates = new ArrayList<>(); // guarded by this
    final Map<Integer, Taken> taken = new TreeMap<>(); // guarded by this
    final List<String> revokedTokens = new ArrayList<>(); // guarded by this
    final List<String> closedTokens = new ArrayList<>(); // guarded by this, those of the revoked ones
    final List<String> revokedContracts = new ArrayList<>(); // guarded by this
    final ConcurrentLinkedDeque<Reply> replies = new ConcurrentLinkedDeque<>();
    final ConcurrentLinkedDeque<Reply> certificateReplies = new ConcurrentLinkedDeque<>();
    final AtomicInteger bundles = new AtomicInteger();
    final List<String> rejections = new ArrayList<>(); // guarded by this

    volatile boolean away;
    volatile Duration blobDelay = Duration.ZERO;
    volatile Duration validity = Duration.ofDays(30);
    volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");
    volatile boolean edgeRevoked;
    volatile int largestBundle;

    private final HttpServer server;

    /** What is done to the next bundles instead of the usual. */
    enum Reply {
        /** Taken, but the answer is lost. */
        TAKE_AND_BREAK,
        /** Not taken, and no answer. */
        BREAK,
        /** 503 with Retry-After 0. */
        BUSY,
        /** 422. */
        REJECT,
        /** 500 without a problem document. */
        NONSENSE
    }

    /** What has arrived of one epoch. */
    static final class Taken {
        final TreeMap<Long, Leaf> leaves = new TreeMap<>();
        final List<long[]> gaps = new ArrayList<>();
        long last;
        Hash previous = BatchHeader.NONE;
        int repeated;
    }

    StubPlatform() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Stores a work. */
    ContentId store(byte[] content) {
        ContentId id = ContentId.of(content);
        blobs.put(id, content);
        return id;
    }

    /** Publishes a dataset version of stored works. */
    Hash publish(List<ContentId> works) {
        return publish(
                works.stream()
                        .map(id -> member(
                                id,
                                blobs.getOrDefault(id, new byte[0]).length,
                                "text/plain",
                                "https://licence.example/1"))
                        .toList(),
                true);
    }

    Hash publish(List<Json.Obj> members, boolean honest) {
        List<Hash> leaves = members.stream()
                .map(member -> MerkleTree.leafHash(Jcs.bytes(member)))
                .toList();
        Hash root = honest ? MerkleTree.root(leaves) : Hash.of(new byte[32]);
        datasets.put(
                root,
                Jcs.bytes(Json.object()
                        .put("root", root.hex())
                        .put("members", Json.array(members))
                        .build()));
        return root;
    }

    static Json.Obj member(ContentId id, long bytes, String mediaType, String license) {
        return Json.object()
                .put("content_id", id.toString())
                .put("creator_id", "creator-1")
                .put("manifest_id", "mf-" + id.hex().substring(0, 40))
                .put("bytes", bytes)
                .put("media_type", mediaType)
                .put("license_uri", license)
                .put("path", "works/" + id.hex())
                .build();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (away) {
                return; // closed without an answer
            }
            if (!exchange.getRequestURI().getPath().equals("/keys")
                    && !("Bearer " + API_KEY)
                            .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                problem(exchange, 401, "key/unknown", Optional.empty());
                return;
            }
            route(exchange, exchange.getRequestURI().getPath());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void route(HttpExchange exchange, String path) throws IOException, InterruptedException {
        if (path.equals("/keys")) {
            json(
                    exchange,
                    200,
                    Json.object()
                            .put("platform", key.toString())
                            .put("origin", "test.example/log")
                            .build());
        } else if (path.startsWith("/blobs/")) {
            if (path.endsWith("/chunks")) {
                chunks(exchange, ContentId.parse(path.split("/")[2]));
            } else {
                blob(exchange, ContentId.parse(path.substring(7)));
            }
        } else if (path.startsWith("/datasets/versions/")) {
            datasetRequests.incrementAndGet();
            byte[] members = datasets.get(Hash.ofHex(path.split("/")[3]));
            if (members == null) {
                problem(exchange, 404, "dataset/unknown", Optional.empty());
            } else {
                send(exchange, 200, members);
            }
        } else if (path.startsWith("/orders/")) {
            orderTableRequests.incrementAndGet();
            byte[] table = orderTables.get(Hash.ofHex(path.split("/")[2]));
            if (table == null) {
                problem(exchange, 404, "order/unknown", Optional.empty());
            } else {
                send(exchange, 200, table);
            }
        } else if (path.endsWith("/certificates")) {
            Reply reply = certificateReplies.poll();
            if (reply != Reply.BREAK) {
                certify(exchange, Integer.parseInt(path.split("/")[2]), reply == Reply.TAKE_AND_BREAK);
            }
        } else if (path.endsWith("/revocations")) {
            revocations(exchange);
        } else if (path.equals("/deliveries/batches")) {
            bundle(exchange);
        } else {
            problem(exchange, 404, "path/unknown", Optional.empty());
        }
    }

    private void blob(HttpExchange exchange, ContentId id) throws IOException, InterruptedException {
        blobRequests.computeIfAbsent(id, i -> new AtomicInteger()).incrementAndGet();
        Thread.sleep(blobDelay);
        byte[] content = blobs.get(id);
        SlowWork slow = slowly.get(id);
        if (slow != null) {
            slow.send(exchange);
        } else if (content == null) {
            problem(exchange, 404, "work/unknown", Optional.empty());
        } else {
            send(exchange, 200, content);
        }
    }

    private void chunks(HttpExchange exchange, ContentId id) throws IOException {
        byte[] list = chunkLists.get(id);
        if (list == null) {
            problem(exchange, 404, "work/unknown", Optional.empty());
        } else {
            send(exchange, 200, list);
        }
    }

    private synchronized void certify(HttpExchange exchange, int edge, boolean silent) throws IOException {
        Fields body = Fields.of(Json.parseObject(exchange.getRequestBody().readAllBytes()), "certificate request");
        DidKey edgeKey = DidKey.parse(body.text("key"));
        byte[] message = ("tallystick/edge-key/v1\n" + edge + "\n" + edgeKey).getBytes(StandardCharsets.UTF_8);
        if (!JdkEd25519.verifier()
                .verify(edgeKey.publicKey(), message, Base64Url.decode(body.text("proof"), "proof/malformed"))) {
            problem(exchange, 422, "edge/proof", Optional.empty());
            return;
        }
        if (edgeRevoked) {
            problem(exchange, 403, "delivery/edge-revoked", Optional.empty());
            return;
        }
        EdgeCertificate certificate = certificates.stream()
                .filter(known -> known.key().equals(edgeKey))
                .findFirst()
                .orElseGet(() -> {
                    EdgeCertificate fresh = new EdgeCertificate(
                            edge,
                            "edge one",
                            certificates.size() + 1,
                            edgeKey,
                            now.minusSeconds(60),
                            now.plus(validity));
                    certificates.add(fresh);
                    return fresh;
                });
        if (!silent) {
            json(
                    exchange,
                    201,
                    Json.object().put("certificate", certificate.sign(signer)).build());
        }
    }

    private synchronized void revocations(HttpExchange exchange) throws IOException {
        int after = Integer.parseInt(exchange.getRequestURI().getQuery().replace("after=", ""));
        int position = revokedTokens.size() + revokedContracts.size();
        json(
                exchange,
                200,
                Json.object()
                        .put("position", position)
                        .put("tokens", Json.strings(after == position ? List.of() : revokedTokens))
                        .put("closed", Json.strings(after == position ? List.of() : closedTokens))
                        .put("contracts", Json.strings(after == position ? List.of() : revokedContracts))
                        .build());
    }

    private void bundle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        bundles.incrementAndGet();
        largestBundle = Math.max(largestBundle, body.length);
        Reply reply = replies.poll();
        if (reply == Reply.BREAK) {
            return;
        }
        if (reply == Reply.BUSY) {
            exchange.getResponseHeaders().set("Retry-After", "0");
            problem(exchange, 503, "platform/busy", Optional.empty());
            return;
        }
        if (reply == Reply.REJECT) {
            problem(exchange, 422, "batch/root", Optional.empty());
            return;
        }
        if (reply == Reply.NONSENSE) {
            send(exchange, 500, "oh no".getBytes(StandardCharsets.UTF_8));
            return;
        }
        if (edgeRevoked) {
            problem(exchange, 403, "delivery/edge-revoked", Optional.empty());
            return;
        }
        take(exchange, body, reply == Reply.TAKE_AND_BREAK);
    }

    private synchronized void take(HttpExchange exchange, byte[] body, boolean silent) throws IOException {
        try {
            List<Batch> batches = Batch.decodeAll(body);
            int epoch = batches.getFirst().header().epoch();
            Taken state = taken.computeIfAbsent(epoch, e -> new Taken());
            for (Batch batch : batches) {
                if (!take(batch, epoch, state)) {
                    problem(exchange, 409, "delivery/out-of-order", Optional.of(state.last + 1));
                    return;
                }
            }
            if (!silent) {
                json(
                        exchange,
                        200,
                        Json.object()
                                .put("epoch", epoch)
                                .put("acknowledged", state.last)
                                .put("log_size", 1)
                                .build());
            }
        } catch (MalformedException e) {
            rejections.add(e.reason());
            problem(exchange, 422, e.reason(), Optional.empty());
        }
    }

    private boolean take(Batch batch, int epoch, Taken state) {
        BatchHeader header = batch.header();
        batch.check();
        batch.signed().verify(certificates.get(epoch - 1), VERIFIER);
        if (header.epoch() != epoch) {
            throw new MalformedException("bundle/mixed", "a bundle is of one epoch");
        }
        if (header.last() <= state.last) {
            for (int i = 0; i < header.count(); i++) {
                if (!batch.leaf(i).equals(state.leaves.get(header.first() + i))) {
                    throw new MalformedException("delivery/equivocation", "one number, two leaves");
                }
            }
            state.repeated++;
            return true;
        }
        if (!header.previous().equals(state.previous)) {
            return false;
        }
        if (header.first() > state.last + 1) {
            state.gaps.add(new long[] {state.last + 1, header.first() - 1});
        }
        for (int i = 0; i < header.count(); i++) {
            Leaf leaf = batch.leaf(i);
            state.leaves.put(leaf.sequence(), leaf);
        }
        state.last = header.last();
        state.previous = header.hash();
        return true;
    }

    /** All leaves taken of an epoch, in order. */
    synchronized List<Leaf> leaves(int epoch) {
        Taken state = taken.get(epoch);
        return state == null ? List.of() : List.copyOf(state.leaves.values());
    }

    /** Bytes of a delivery that were handed over: those promised, or the most that its cuts say. */
    private static long handed(Leaf delivery, Taken state) {
        return state.leaves.values().stream()
                .filter(leaf -> leaf.kind().refers() && leaf.refers() == delivery.sequence())
                .mapToLong(Leaf::bytes)
                .max()
                .orElse(delivery.bytes());
    }

    /** The works that count, by the rule for leaves: some of them was handed over, or a copy was confirmed. */
    synchronized Set<ContentId> uses() {
        Set<ContentId> uses = new HashSet<>();
        for (Taken state : taken.values()) {
            Set<Long> voided = new HashSet<>();
            state.leaves.values().stream()
                    .filter(leaf -> leaf.kind() == LeafKind.VOID)
                    .forEach(leaf -> voided.add(leaf.refers()));
            state.leaves.values().stream()
                    .filter(leaf -> leaf.kind().meters() && leaf.scope().meters())
                    .filter(leaf -> !voided.contains(leaf.sequence()))
                    .forEach(leaf -> uses.add(leaf.content()));
        }
        return uses;
    }

    /** Bytes handed over in all deliveries of a work. */
    synchronized long handed(ContentId work) {
        return taken.values().stream()
                .flatMap(state -> state.leaves.values().stream()
                        .filter(leaf ->
                                leaf.content().equals(work) && leaf.kind().meters())
                        .map(leaf -> handed(leaf, state)))
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Deliveries of which something was handed over, or that promised nothing and left. */
    synchronized List<Leaf> standing() {
        List<Leaf> standing = new ArrayList<>();
        taken.values().forEach(state -> {
            List<Long> voided = state.leaves.values().stream()
                    .filter(leaf -> leaf.kind() == LeafKind.VOID)
                    .map(Leaf::refers)
                    .toList();
            state.leaves.values().stream()
                    .filter(leaf -> !leaf.kind().refers() && !voided.contains(leaf.sequence()))
                    .forEach(standing::add);
        });
        return standing;
    }

    synchronized EdgeCertificate certificate(int epoch) {
        return certificates.get(epoch - 1);
    }

    /** As the platform does when a buyer closes the token's job. */
    synchronized void closeJobOf(String id) {
        closedTokens.add(id);
        revokedTokens.add(id);
    }

    synchronized void revokeToken(String tokenId) {
        revokedTokens.add(tokenId);
    }

    synchronized void revokeContract(String contract) {
        revokedContracts.add(contract);
    }

    private static void json(HttpExchange exchange, int status, Json.Obj body) throws IOException {
        send(exchange, status, Jcs.bytes(body));
    }

    private static void problem(HttpExchange exchange, int status, String type, Optional<Long> expected)
            throws IOException {
        Json.Builder body = Json.object()
                .put("type", "https://tallystick.org/problems/" + type)
                .put("title", type)
                .put("status", status)
                .put("detail", "as the test asked");
        expected.ifPresent(number -> body.put("expected", number));
        exchange.getRequestBody().readAllBytes();
        send(exchange, status, Jcs.bytes(body.build()));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        if (server.getExecutor() instanceof java.util.concurrent.ExecutorService executor) {
            executor.shutdownNow();
        }
    }

    /** For lambdas. */
    static <T> T unchecked(java.util.concurrent.Callable<T> call) {
        try {
            return call.call();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
