package org.tallystick.platform.app;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers with units, as people write them in settings: {@code 30d}, {@code 8MiB}. */
final class Units {
    private static final Pattern NUMBER = Pattern.compile("([0-9]{1,12})\\s*([A-Za-z]+)");
    private static final Map<String, Duration> TIMES = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));
    private static final Map<String, Long> SIZES =
            Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30, "TiB", 1L << 40);

    private Units() {}

    static Duration duration(String name, String text) {
        Matcher matcher = NUMBER.matcher(text);
        if (!matcher.matches() || !TIMES.containsKey(matcher.group(2))) {
            throw new ConfigException(name + " is a time like 30d, 12h, 5m, 10s or 200ms, not '" + text + "'");
        }
        return TIMES.getOrDefault(matcher.group(2), Duration.ZERO).multipliedBy(Long.parseLong(matcher.group(1)));
    }

    static long bytes(String name, String text) {
        Matcher matcher = NUMBER.matcher(text);
        if (!matcher.matches() || !SIZES.containsKey(matcher.group(2))) {
            throw new ConfigException(name + " is a size like 512KiB, 8MiB or 64GiB, not '" + text + "'");
        }
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), SIZES.getOrDefault(matcher.group(2), 1L));
        } catch (ArithmeticException e) {
            throw new ConfigException(name + " is too large: " + text);
        }
    }

    static int port(String name, String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
            throw new ConfigException(name + " is a port from 0 to 65535, not '" + text + "'");
        }
        return Integer.parseInt(text);
    }
}
