package org.tallystick.edge.status;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.tallystick.edge.refusal.RefusalReason;
import org.tallystick.protocol.receipt.LeafKind;

/** What the edge has done since it started, counted without locks. Safe from any thread. */
public final class Metrics {
    public final LongAdder bytesDelivered = new LongAdder();
    public final LongAdder cacheHits = new LongAdder();
    public final LongAdder cacheMisses = new LongAdder();
    public final LongAdder batches = new LongAdder();
    public final LongAdder sealFailures = new LongAdder();
    public final LongAdder sealNanos = new LongAdder();
    public final LongAdder shipped = new LongAdder();
    public final LongAdder shipFailures = new LongAdder();
    public final LongAdder fetched = new LongAdder();
    public final LongAdder damagedWorks = new LongAdder();
    public final LongAdder lostAmendments = new LongAdder();
    public final LongAdder connections = new LongAdder();
    public final LongAdder connectionsRefused = new LongAdder();

    private final Map<RefusalReason, LongAdder> refusals = new EnumMap<>(RefusalReason.class);
    private final Map<LeafKind, LongAdder> leaves = new EnumMap<>(LeafKind.class);
    private final Map<String, LongSupplier> gauges = new ConcurrentSkipListMap<>();

    private final BreakingOff breakingOff;

    public Metrics(BreakingOff breakingOff) {
        this.breakingOff = breakingOff;
        gauge("tokens_breaking_off", breakingOff::count);
        for (RefusalReason reason : RefusalReason.values()) {
            refusals.put(reason, new LongAdder());
        }
        for (LeafKind kind : LeafKind.values()) {
            leaves.put(kind, new LongAdder());
        }
    }

    /** What watches for tokens whose deliveries break off too often. */
    public BreakingOff breakingOff() {
        return breakingOff;
    }

    public void refused(RefusalReason reason) {
        adder(refusals, reason).increment();
    }

    public void sealed(LeafKind kind) {
        adder(leaves, kind).increment();
    }

    long refusals(RefusalReason reason) {
        return adder(refusals, reason).sum();
    }

    long leaves(LeafKind kind) {
        return adder(leaves, kind).sum();
    }

    private static <K> LongAdder adder(Map<K, LongAdder> adders, K key) {
        LongAdder adder = adders.get(key);
        if (adder == null) {
            throw new IllegalStateException("no counter for " + key);
        }
        return adder;
    }

    /** Adds a value that is read anew each time the metrics are asked for. */
    public void gauge(String name, LongSupplier value) {
        gauges.put(name, value);
    }

    /** All of it in the Prometheus text format. */
    public String text() {
        StringBuilder out = new StringBuilder(4096);
        out.append("# TYPE tallystick_edge_leaves_total counter\n");
        leaves.forEach((kind, count) -> line(out, "leaves_total{kind=\"" + word(kind) + "\"}", count.sum()));
        out.append("# TYPE tallystick_edge_refusals_total counter\n");
        refusals.forEach((reason, count) -> line(out, "refusals_total{reason=\"" + reason.type() + "\"}", count.sum()));
        counter(out, "delivered_bytes_total", bytesDelivered);
        counter(out, "cache_hits_total", cacheHits);
        counter(out, "cache_misses_total", cacheMisses);
        counter(out, "batches_total", batches);
        counter(out, "seal_failures_total", sealFailures);
        counter(out, "seal_nanoseconds_total", sealNanos);
        counter(out, "shipped_bundles_total", shipped);
        counter(out, "ship_failures_total", shipFailures);
        counter(out, "fetched_works_total", fetched);
        counter(out, "damaged_works_total", damagedWorks);
        counter(out, "lost_amendments_total", lostAmendments);
        counter(out, "connections_total", connections);
        counter(out, "connections_refused_total", connectionsRefused);
        gauges.forEach((name, value) -> {
            out.append("# TYPE tallystick_edge_").append(name).append(" gauge\n");
            line(out, name, value.getAsLong());
        });
        breakingOff.write(out);
        return out.toString();
    }

    private static String word(LeafKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static void counter(StringBuilder out, String name, LongAdder count) {
        out.append("# TYPE tallystick_edge_").append(name).append(" counter\n");
        line(out, name, count.sum());
    }

    private static void line(StringBuilder out, String name, long value) {
        out.append("tallystick_edge_").append(name).append(' ').append(value).append('\n');
    }
}
