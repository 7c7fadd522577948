package org.tallystick.platform.api.dispatch;

import java.time.Duration;

/**
 * The one table of what anybody may take of the API: each row a number, for whom it goes, and what whoever passes it is told.
 * The most bytes of a body stand beside each endpoint in {@link Policy}. Whoever passes a limit is refused by name, with
 * {@code Retry-After} where asking again helps; nobody else notices. {@code docs/limits.md} shows the same rows, held to
 * them by test.
 */
public enum Limit {
    CONNECTIONS(
            1_024,
            "open connections",
            "address",
            0,
            "",
            Duration.ZERO,
            "a further one is closed as soon as it is open"),
    IDLE(
            60,
            "seconds",
            "connection",
            0,
            "",
            Duration.ZERO,
            "a connection on which no byte moves for so long is closed"),
    RATE(
            500,
            "requests a second",
            "caller",
            429,
            "limit/rate",
            Duration.ofSeconds(1),
            "over ten seconds; as many as fall due in ten seconds pass at once"),
    REQUESTS(
            256,
            "requests",
            "caller",
            429,
            "limit/requests",
            Duration.ofSeconds(1),
            "begun and not answered, those included that still send their body or wait for their turn"),
    ALL_REQUESTS(
            4_096,
            "requests",
            "platform",
            503,
            "limit/all-requests",
            Duration.ofSeconds(1),
            "the same, of all callers"),
    BODY_GRACE(
            20,
            "seconds",
            "request",
            408,
            "http/body-too-slow",
            Duration.ofSeconds(1),
            "a body is waited for so long, and longer by what it has brought; uploads have the limit IDLE alone"),
    BODY_RATE(
            16_384,
            "bytes a second",
            "request",
            408,
            "http/body-too-slow",
            Duration.ofSeconds(1),
            "the slowest a body may come once BODY_GRACE is over"),
    VALUES(
            250_000,
            "values",
            "request",
            413,
            "json/too-many-values",
            Duration.ZERO,
            "values of JSON in a body, lists of works left out, which are read one by one"),
    PLACES(
            4,
            "requests",
            "caller and operation",
            503,
            "service/busy",
            Duration.ofSeconds(1),
            "being carried out at the same moment; further ones wait for their turn"),
    OPERATION_PLACES(
            6, "requests", "operation", 503, "service/busy", Duration.ofSeconds(1), "the same, of all callers"),
    HEAVY_PLACES(
            4,
            "requests",
            "platform",
            503,
            "service/busy",
            Duration.ofSeconds(1),
            "the same, of all operations together that read much at once, named below"),
    LARGE_BODIES(
            2,
            "requests",
            "platform",
            503,
            "service/busy",
            Duration.ofSeconds(1),
            "whose body of more than 1 MiB is being taken apart; such bodies wait on disk until then"),
    WAIT(
            20,
            "seconds",
            "request",
            503,
            "service/busy",
            Duration.ofSeconds(1),
            "the longest one waits for a turn, without holding anything but its own body"),
    IDEMPOTENCY_KEYS(
            100_000,
            "keys",
            "caller",
            429,
            "idempotency/too-many-keys",
            Duration.ofMinutes(10),
            "remembered at the same time; each for IDEMPOTENCY_HOURS"),
    IDEMPOTENCY_HOURS(
            24, "hours", "key", 0, "", Duration.ZERO, "an Idempotency-Key is remembered, then it is forgotten");

    private final long number;
    private final String unit;
    private final String per;
    private final int status;
    private final String type;
    private final Duration retryAfter;
    private final String words;

    Limit(long number, String unit, String per, int status, String type, Duration retryAfter, String words) {
        this.number = number;
        this.unit = unit;
        this.per = per;
        this.status = status;
        this.type = type;
        this.retryAfter = retryAfter;
        this.words = words;
    }

    /** The number, in the row's unit, unless a platform is started with another. */
    public long number() {
        return number;
    }

    /** Status of the answer to whoever passes it; 0 where there is none. */
    int status() {
        return status;
    }

    /** Problem type of that answer; empty where there is none. */
    String type() {
        return type;
    }

    Duration retryAfter() {
        return retryAfter;
    }

    /** The row as it stands in the documentation. */
    String row() {
        String answer = status == 0 ? "" : status + " `" + type + "`";
        String again = retryAfter.isZero() ? "" : retryAfter.toSeconds() + " s";
        return "| %s | %,d %s | %s | %s | %s | %s |"
                .formatted(name().toLowerCase(java.util.Locale.ROOT), number, unit, per, words, answer, again);
    }
}
