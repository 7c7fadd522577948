package org.tallystick.edge;

import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.tallystick.edge.keys.Signatures;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.Region;

/**
 * Reads settings as people write them: sizes, durations, names. Kept apart from {@code EdgeConfig} because the ways to
 * write a value change for other reasons than the settings themselves. One object reads one set of settings and
 * remembers which names were asked for.
 */
final class EdgeSettings {
    private final Map<String, String> settings;
    private final Set<String> known = new HashSet<>();

    EdgeSettings(Map<String, String> settings) {
        this.settings = settings;
    }

    /**
     * Refuses settings whose names were not asked for.
     *
     * @throws IllegalArgumentException naming them and those that are known
     */
    void noOthers() {
        Set<String> unknown = new TreeSet<>(settings.keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("unknown settings " + unknown + "; known are " + new TreeSet<>(known));
        }
    }

    /**
     * The setting of a name, or {@code base} where it is not set.
     *
     * @throws IllegalArgumentException where the text cannot be parsed, naming both, but never the API key
     */
    <T> T value(String name, T base, Function<String, T> parse) {
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
    static Optional<Region> region(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(new Region(text));
    }

    static Signatures signatures(String text) {
        return Signatures.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static int leadingDigits(String text) {
        int i = 0;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i;
    }
}
