package org.tallystick.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Receipt;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * The platform as the measured edge sees it, elsewhere and idle: certifies its key, hands out works, takes its batches and
 * acknowledges them. What it was sent is checked after each run, so that checking is no part of what is measured. Safe from
 * any thread.
 */
final class EdgePlatform implements AutoCloseable {
    static final String API_KEY = "tsk_bench_bench";
    private static final int EDGE = 1;

    private final InstantSource clock;
    private final JdkEd25519 signer = JdkEd25519.generate();
    private final Map<ContentId, byte[]> works = new HashMap<>();
    private final byte[] members;
    private final Hash dataset;
    private final HttpServer server;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final List<byte[]> bundles = new ArrayList<>(); // guarded by this
    private Optional<EdgeCertificate> certificate = Optional.empty(); // guarded by this
    private Hash previous = BatchHeader.NONE;
    private long last;

    EdgePlatform(InstantSource clock, List<byte[]> contents) throws IOException {
        this.clock = clock;
        List<Json.Obj> all = new ArrayList<>();
        for (byte[] content : contents) {
            ContentId id = ContentId.of(content);
            works.put(id, content);
            all.add(Json.object()
                    .put("content_id", id.toString())
                    .put("creator_id", "creator-1")
                    .put("manifest_id", "mf-" + id.hex())
                    .put("bytes", content.length)
                    .put("media_type", "application/octet-stream")
                    .put("license_uri", "https://licence.example/training")
                    .put("path", id.hex())
                    .build());
        }
        dataset = MerkleTree.root(all.stream()
                .map(member -> MerkleTree.leafHash(Jcs.bytes(member)))
                .toList());
        members = Jcs.bytes(Json.object()
                .put("root", dataset.hex())
                .put("members", Json.array(all))
                .build());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(workers);
        server.createContext("/", this::handle);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** A token for all works. */
    String token() {
        return new Grant(
                        "bench.example/log",
                        "buyer-1",
                        "contract-1",
                        "job-1",
                        Scope.TRAINING,
                        dataset,
                        clock.instant().minusSeconds(60),
                        clock.instant().plus(Duration.ofHours(6)),
                        Optional.empty())
                .sign(signer);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            byte[] answer = answer(exchange.getRequestURI().getPath(), body);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private byte[] answer(String path, byte[] body) throws IOException {
        if (path.startsWith("/blobs/")) {
            return Optional.ofNullable(works.get(ContentId.parse(path.substring("/blobs/".length()))))
                    .orElseThrow(() -> new IOException("no such work"));
        }
        if (path.startsWith("/datasets/")) {
            return members;
        }
        return Jcs.bytes(
                switch (path.substring(path.lastIndexOf('/') + 1)) {
                    case "keys" ->
                        Json.object()
                                .put("platform", new DidKey(signer.publicKey()).toString())
                                .put("origin", "bench.example/log")
                                .build();
                    case "certificates" ->
                        Json.object()
                                .put("certificate", certify(body).sign(signer))
                                .build();
                    case "revocations" ->
                        Json.object()
                                .put("position", 0)
                                .put("tokens", Json.strings(List.of()))
                                .put("contracts", Json.strings(List.of()))
                                .build();
                    case "batches" -> take(body);
                    default -> throw new IOException("no such path: " + path);
                });
    }

    private synchronized EdgeCertificate certify(byte[] body) {
        DidKey key = DidKey.parse(
                Fields.of(Json.parseObject(body), "certificate request").text("key"));
        EdgeCertificate fresh = new EdgeCertificate(
                EDGE,
                "bench",
                1,
                key,
                clock.instant().minusSeconds(60),
                clock.instant().plus(Duration.ofDays(1)));
        certificate = Optional.of(fresh);
        return fresh;
    }

    private synchronized Json.Obj take(byte[] bundle) {
        bundles.add(bundle);
        return Json.object()
                .put("epoch", 1)
                .put("acknowledged", Batch.decodeAll(bundle).getLast().header().last())
                .put("log_size", 1)
                .build();
    }

    /**
     * Checks what has arrived since it was last asked: roots from the bytes, dense numbers, the chain of headers.
     *
     * @return leaves in it
     */
    synchronized long check() {
        long leaves = 0;
        for (byte[] bundle : bundles) {
            for (Batch batch : Batch.decodeAll(bundle)) {
                BatchHeader header = batch.header();
                batch.check();
                if (header.first() != last + 1 || !header.previous().equals(previous)) {
                    throw new IllegalStateException("the edge shipped with a gap before " + header.first());
                }
                last = header.last();
                previous = header.hash();
                leaves += header.count();
            }
        }
        bundles.clear();
        return leaves;
    }

    /** Verifies receipts as their holders would. */
    synchronized void verify(List<String> receipts) {
        EdgeCertificate trusted =
                certificate.orElseThrow(() -> new IllegalStateException("the edge never asked for a certificate"));
        for (String text : receipts) {
            Receipt.parse(text).verify(trusted, JdkEd25519.verifier());
        }
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }
}
