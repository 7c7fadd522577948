package org.tallystick.bench;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.tallystick.platform.api.dispatch.Caller;
import org.tallystick.platform.api.dispatch.Endpoint;
import org.tallystick.platform.api.dispatch.Policy;
import org.tallystick.protocol.receipt.BatchHeader;

/**
 * How long every GET of the API takes while many ask and an edge ships receipts as fast as the platform takes them; and how
 * much memory the platform takes for the worst body of every endpoint that reads JSON. Server and clients share the process
 * and its cores.
 */
final class ApiBench {
    static final long WORKS = 1_000_000;
    static final int CONTRACTS = 10_000;
    static final long STATEMENTS = 100_000;
    static final int CLIENTS = 64;
    static final int SECONDS = 60;
    static final int PAUSE = 100;

    private static final int LEAVES = BatchHeader.MAX_COUNT;
    private static final long LARGEST = 64L << 20;

    private final ApiScale scale;
    private final Consumer<String> progress;
    private final Map<String, List<Long>> times = Collections.synchronizedMap(new TreeMap<>());
    private final Map<String, Integer> refused = Collections.synchronizedMap(new TreeMap<>());
    private final AtomicLong receipts = new AtomicLong();

    private ApiBench(ApiScale scale, Consumer<String> progress) {
        this.scale = scale;
        this.progress = progress;
    }

    static List<Figure> run(ApiScale scale, Consumer<String> progress) throws Exception {
        try (Scratch scratch = Scratch.open();
                ApiMarket market = new ApiMarket(scratch.path(), scale, progress);
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            ApiBench bench = new ApiBench(scale, progress);
            List<Figure> figures = new ArrayList<>(bench.reading(market, http));
            figures.addAll(bench.bodies(market, http));
            return figures;
        }
    }

    private List<Figure> reading(ApiMarket market, HttpClient http) throws Exception {
        ApiTargets targets = new ApiTargets(market, http);
        AtomicBoolean over = new AtomicBoolean();
        long begun = System.nanoTime();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            all.add(clients.submit(() -> ship(market, http, over)));
            for (int client = 0; client < scale.clients(); client++) {
                SplittableRandom random = new SplittableRandom(client);
                all.add(clients.submit(() -> ask(targets, http, random, over)));
            }
            Thread.sleep(Duration.ofSeconds(scale.seconds()));
            over.set(true);
            for (Future<?> one : all) {
                one.get();
            }
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        List<Figure> figures = new ArrayList<>();
        List<Long> everything = new ArrayList<>();
        times.forEach((operation, taken) -> {
            everything.addAll(taken);
            String note = refused.containsKey(operation)
                    ? " (" + refused.get(operation) + " of " + taken.size() + " not found)"
                    : "";
            figures.add(figure("GET " + operation + " p99" + note, taken));
        });
        figures.add(figure("all GET p99", everything));
        figures.add(new Figure("requests", List.of(everything.size() / seconds), "requests/s", Optional.empty()));
        figures.add(new Figure("intake meanwhile", List.of(receipts.get() / seconds), "receipts/s", Optional.empty()));
        return figures;
    }

    private static Figure figure(String name, List<Long> nanos) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        double p99 = sorted[(int) Math.min(sorted.length - 1L, sorted.length * 99L / 100)] / 1e6;
        return new Figure(name, List.of(p99), "ms", Optional.empty()).towards("100 ms", "50 ms");
    }

    /** Asks for one thing after another, with a pause after each answer, as 64 programs that poll do. */
    private boolean ask(ApiTargets targets, HttpClient http, SplittableRandom random, AtomicBoolean over)
            throws IOException, InterruptedException {
        List<String> operations = targets.operations();
        int next = random.nextInt(operations.size());
        while (!over.get()) {
            String operation = operations.get(next++ % operations.size());
            HttpRequest request = targets.request(operation, random);
            long begun = System.nanoTime();
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            times.computeIfAbsent(operation, name -> Collections.synchronizedList(new ArrayList<>()))
                    .add(System.nanoTime() - begun);
            if (status == 404) {
                refused.merge(operation, 1, Integer::sum);
            } else if (status != 200) {
                throw new IllegalStateException(operation + " answers " + status + " to " + request.uri());
            }
            Thread.sleep(scale.pause());
        }
        return true;
    }

    private boolean ship(ApiMarket market, HttpClient http, AtomicBoolean over)
            throws IOException, InterruptedException {
        while (!over.get()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(market.uri() + "/deliveries/batches"))
                    .header("Authorization", "Bearer " + market.key("edge"))
                    .header("Content-Type", "application/vnd.tallystick.bundle")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(market.bundle(LEAVES)))
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("intake answers " + answer.statusCode() + " " + answer.body());
            }
            receipts.addAndGet(LEAVES);
        }
        return true;
    }

    /** The heap at its highest while the worst body is read, less what was used before. */
    private List<Figure> bodies(ApiMarket market, HttpClient http) throws Exception {
        List<Figure> figures = new ArrayList<>();
        for (Endpoint endpoint : Policy.endpoints().values()) {
            Optional<String> who = caller(endpoint);
            if (endpoint.body().kind().isJson() && who.isPresent()) {
                long bytes = Math.min(endpoint.body().limit(), LARGEST);
                long before = settled();
                HttpRequest request = HttpRequest.newBuilder(
                                URI.create(market.uri() + endpoint.path().replaceAll("\\{[a-z]+}", "x-1")))
                        .header("Authorization", "Bearer " + market.key(who.get()))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofInputStream(() -> braces(bytes)))
                        .build();
                int status = http.send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                double taken = Math.max(0, peak() - before) / (double) (1 << 20);
                progress.accept(endpoint.operation() + " answers " + status + " to " + bytes + " bytes of braces");
                figures.add(new Figure(
                        "heap for the worst body of " + endpoint.operation(), List.of(taken), "MiB", Optional.empty()));
            }
        }
        return figures;
    }

    private static Optional<String> caller(Endpoint endpoint) {
        return Map.of(
                        Caller.OPERATOR,
                        "operator",
                        Caller.CURATOR,
                        "curator",
                        Caller.BUYER,
                        "buyer-0",
                        Caller.CREATOR,
                        "uploader")
                .entrySet()
                .stream()
                .filter(one -> endpoint.callers().contains(one.getKey()))
                .map(Map.Entry::getValue)
                .sorted()
                .findFirst();
    }

    /** {@code {"answers":[{},{},…]}}, made while it is read. */
    private static InputStream braces(long bytes) {
        byte[] piece = "{},".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
        List<InputStream> all = new ArrayList<>();
        all.add(new ByteArrayInputStream("{\"answers\":[".getBytes(StandardCharsets.US_ASCII)));
        long left = bytes - 32;
        while (left >= 3) {
            int length = (int) Math.min(piece.length, left / 3 * 3);
            all.add(new ByteArrayInputStream(piece, 0, length));
            left -= length;
        }
        all.add(new ByteArrayInputStream("{}]}".getBytes(StandardCharsets.US_ASCII)));
        return new SequenceInputStream(Collections.enumeration(all));
    }

    private static long settled() {
        ManagementFactory.getMemoryMXBean().gc();
        heap().forEach(MemoryPoolMXBean::resetPeakUsage);
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long peak() {
        return heap().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
    }

    private static List<MemoryPoolMXBean> heap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
    }
}
