package org.tallystick.edge;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.Region;

/**
 * Reads settings as people write them. Kept apart from {@link EdgeConfig} because text and its spellings change for
 * other reasons than the settings themselves. Stateless but for one reading.
 */
final class EdgeSettings {
    private final Map<String, String> settings;
    private final Set<String> known = new HashSet<>();

    private EdgeSettings(Map<String, String> settings) {
        this.settings = settings;
    }

    static EdgeConfig apply(EdgeConfig base, Map<String, String> settings) {
        EdgeSettings read = new EdgeSettings(settings);
        EdgeConfig config = new EdgeConfig(
                read.value("host", base.host(), Function.identity()),
                read.value("port", base.port(), Integer::parseInt),
                read.value("dataDir", base.dataDir(), Path::of),
                read.value("platform", base.platform(), URI::create),
                read.value("edge", base.edge(), Integer::parseInt),
                read.value("apiKey", base.apiKey(), Function.identity()),
                read.value("cacheBytes", base.cacheBytes(), EdgeSettings::bytes),
                read.value("memoryBytes", base.memoryBytes(), EdgeSettings::bytes),
                read.value("spoolBytes", base.spoolBytes(), EdgeSettings::bytes),
                read.value("segmentBytes", base.segmentBytes(), text -> Math.toIntExact(bytes(text))),
                read.value("reservationBlock", base.reservationBlock(), Integer::parseInt),
                read.value("maxBatchLeaves", base.maxBatchLeaves(), Integer::parseInt),
                read.value("maxPending", base.maxPending(), Integer::parseInt),
                read.value("maxConnections", base.maxConnections(), Integer::parseInt),
                read.value("eventLoops", base.eventLoops(), Integer::parseInt),
                read.value("idleTimeout", base.idleTimeout(), EdgeSettings::duration),
                read.value("drainTimeout", base.drainTimeout(), EdgeSettings::duration),
                read.value("pollInterval", base.pollInterval(), EdgeSettings::duration),
                read.value("shipInterval", base.shipInterval(), EdgeSettings::duration),
                read.value("retryMin", base.retryMin(), EdgeSettings::duration),
                read.value("retryMax", base.retryMax(), EdgeSettings::duration),
                read.value("region", base.region(), EdgeSettings::region),
                read.value("signatures", base.signatures(), EdgeSettings::signatures));
        Set<String> unknown = new TreeSet<>(settings.keySet());
        unknown.removeAll(read.known);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "unknown settings " + unknown + "; known are " + new TreeSet<>(read.known));
        }
        return config;
    }

    private <T> T value(String name, T base, Function<String, T> parse) {
        known.add(name);
        String text = settings.get(name);
        if (text == null) {
            return base;
        }
        try {
            return parse.apply(text.strip());
        } catch (IllegalArgumentException | ArithmeticException | MalformedException e) {
            String shown = name.equals("apiKey") ? "***" : text;
            throw new IllegalArgumentException("setting " + name + " cannot be \"" + shown + "\"", e);
        }
    }

    /** {@code 4096}, {@code 64KiB}, {@code 8MiB} or {@code 1GiB}. */
    static long bytes(String text) {
        int digits = leadingDigits(text);
        long unit = switch (text.substring(digits)) {
            case "", "B" -> 1;
            case "KiB" -> 1L << 10;
            case "MiB" -> 1L << 20;
            case "GiB" -> 1L << 30;
            case "TiB" -> 1L << 40;
            default -> throw new IllegalArgumentException("a size is a number and B, KiB, MiB, GiB or TiB");
        };
        return Math.multiplyExact(Long.parseLong(text.substring(0, digits)), unit);
    }

    /** {@code 250ms}, {@code 30s}, {@code 5m} or {@code 2h}. */
    static Duration duration(String text) {
        int digits = leadingDigits(text);
        long number = Long.parseLong(text.substring(0, digits));
        return switch (text.substring(digits)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> throw new IllegalArgumentException("a duration is a number and ms, s, m or h");
        };
    }

    /** A country code, {@code EU} or {@code EEA}; nothing for none. */
    private static Optional<Region> region(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(new Region(text));
    }

    private static EdgeConfig.Signatures signatures(String text) {
        return EdgeConfig.Signatures.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static int leadingDigits(String text) {
        int i = 0;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i;
    }
}
