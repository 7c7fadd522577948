package org.tallystick.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.tallystick.protocol.receipt.ContentId;

/**
 * Deliveries a second from an edge, each with its licence headers and a signed receipt whose leaf is synced before it
 * leaves, beside nginx serving the same files with its access log on: same client, in turn. Then how long a receipt takes
 * to reach its holder, on an idle edge and at half of what it carries.
 */
final class EdgeBench {
    private static final int WORKS = 1000;
    private static final int BYTES = 20 << 10;
    private static final int CONNECTIONS = 64;
    private static final int RUNS = Integer.getInteger("tallystick.bench.edge.runs", 5);
    private static final Duration WARM = Duration.ofSeconds(Integer.getInteger("tallystick.bench.edge.warm", 10));
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("tallystick.bench.edge.seconds", 5));
    private static final double IDLE_PER_SECOND = 200;

    private final EdgeLoad load;
    private final EdgePlatform platform;
    private final EdgeProcess edge;
    private final Optional<EdgeNginx> nginx;
    private final EdgeLoad.Target fromEdge;
    private final Optional<EdgeLoad.Target> fromNginx;

    private EdgeBench(
            EdgeLoad load, EdgePlatform platform, EdgeProcess edge, Optional<EdgeNginx> nginx, List<byte[]> requests) {
        this.load = load;
        this.platform = platform;
        this.edge = edge;
        this.nginx = nginx;
        this.fromEdge = new EdgeLoad.Target(edge.port(), requests, true);
        this.fromNginx = nginx.map(server -> new EdgeLoad.Target(server.port(), requests, false));
    }

    static List<Figure> run() throws Exception {
        List<byte[]> works = works();
        try (Scratch scratch = Scratch.open();
                EdgePlatform platform = new EdgePlatform(InstantSource.system(), works);
                EdgeLoad load = new EdgeLoad()) {
            Path folder = Files.createDirectories(scratch.path().resolve("works"));
            List<byte[]> requests = new ArrayList<>();
            String token = platform.token();
            for (byte[] work : works) {
                ContentId id = ContentId.of(work);
                Files.write(folder.resolve(id.toString()), work);
                requests.add(("GET /works/" + id + " HTTP/1.1\r\nHost: edge.example\r\nAuthorization: Bearer " + token
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
            }
            Optional<EdgeNginx> nginx = EdgeNginx.start(scratch.path(), folder);
            try (EdgeProcess edge = EdgeProcess.start(scratch.path(), platform.address())) {
                return new EdgeBench(load, platform, edge, nginx, requests).measure();
            } finally {
                if (nginx.isPresent()) {
                    nginx.get().close();
                }
            }
        }
    }

    private static List<byte[]> works() {
        Random random = new Random(20);
        List<byte[]> works = new ArrayList<>();
        for (int i = 0; i < WORKS; i++) {
            byte[] work = new byte[BYTES];
            random.nextBytes(work);
            works.add(work);
        }
        return works;
    }

    /** One way of asking. */
    private interface Asking {
        EdgeLoad.Result of(EdgeLoad.Target target) throws InterruptedException;
    }

    /** What edge and nginx answered to the same asking, run by run, and the processor time each answer took, in µs. */
    private record Compared(
            List<EdgeLoad.Result> edge,
            List<EdgeLoad.Result> nginx,
            List<Double> edgeMicros,
            List<Double> nginxMicros) {
        List<Double> p99() {
            return p99(edge);
        }

        static List<Double> p99(List<EdgeLoad.Result> results) {
            return results.stream().map(result -> result.percentile(99)).toList();
        }

        static List<Double> rates(List<EdgeLoad.Result> results) {
            return results.stream().map(EdgeLoad.Result::perSecond).toList();
        }
    }

    private List<Figure> measure() throws IOException, InterruptedException {
        compare(1, target -> load.saturate(target, CONNECTIONS, WARM));
        Compared full = compare(RUNS, target -> load.saturate(target, CONNECTIONS, LENGTH));
        Figure requests = figure("edge requests", Compared.rates(full.edge()), "requests/s", full, Compared::rates)
                .towards("0.9 x", "1 x");
        Figure slowest = figure("edge p99", full.p99(), "ms", full, Compared::p99);
        double half = requests.median() / 2;
        Compared idle = compare(RUNS, target -> load.paced(target, 1, IDLE_PER_SECOND, LENGTH));
        Compared steady = compare(RUNS, target -> load.paced(target, CONNECTIONS, half, LENGTH));
        List<Figure> figures = new ArrayList<>();
        figures.add(requests);
        figures.add(slowest);
        figures.add(new Figure(
                "edge processor time a request",
                full.edgeMicros(),
                "us",
                nginx.map(server -> new Figure.Yardstick(
                        server.version(), new Figure("", full.nginxMicros(), "us", Optional.empty()).median()))));
        if (nginx.isPresent()) {
            List<Double> apart = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                apart.add(
                        full.edge().get(i).percentile(99) - full.nginx().get(i).percentile(99));
            }
            figures.add(new Figure("edge p99 above " + nginx.get().version(), apart, "ms", Optional.empty())
                    .towards("3 ms", "3 ms"));
        }
        figures.add(figure("edge receipt in hand, idle, p99", idle.p99(), "ms", idle, Compared::p99)
                .towards("10 ms", "5 ms"));
        figures.add(figure("edge receipt in hand, half load, p99", steady.p99(), "ms", steady, Compared::p99)
                .towards("10 ms", "5 ms"));
        return figures;
    }

    private Compared compare(int runs, Asking asking) throws IOException, InterruptedException {
        Compared compared = new Compared(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int run = 0; run < runs; run++) {
            if (nginx.isPresent() && fromNginx.isPresent()) {
                long before = nginx.get().processorNanos();
                EdgeLoad.Result result = asking.of(fromNginx.get());
                compared.nginx().add(result);
                compared.nginxMicros().add(micros(nginx.get().processorNanos() - before, result));
            }
            long before = edge.processorNanos();
            EdgeLoad.Result result = asking.of(fromEdge);
            edge.awaitShipped();
            compared.edge().add(result);
            compared.edgeMicros().add(micros(edge.processorNanos() - before, result));
            account(result);
        }
        return compared;
    }

    private static double micros(long nanos, EdgeLoad.Result result) {
        return nanos / 1e3 / result.nanos().length;
    }

    /** Checks that everything counted has arrived: one leaf for each answer, and receipts that verify. */
    private void account(EdgeLoad.Result result) throws IOException {
        long shipped = platform.check();
        if (shipped != result.nanos().length) {
            throw new IOException(result.nanos().length + " deliveries, but " + shipped + " leaves arrived");
        }
        platform.verify(result.receipts());
    }

    private Figure figure(
            String name,
            List<Double> values,
            String unit,
            Compared compared,
            java.util.function.Function<List<EdgeLoad.Result>, List<Double>> of) {
        Optional<Figure.Yardstick> beside = nginx.map(server -> {
            Figure theirs = new Figure(name, of.apply(compared.nginx()), unit, Optional.empty());
            return new Figure.Yardstick(server.version(), theirs.median());
        });
        return new Figure(name, values, unit, beside);
    }
}
