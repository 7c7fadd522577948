package org.tallystick.cli.demo;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.tallystick.protocol.codec.Json;

/** Measures how long each step takes. Not thread-safe. */
final class DemoSteps {
    private final InstantSource clock;
    private final Map<String, Duration> taken = new LinkedHashMap<>();

    DemoSteps(InstantSource clock) {
        this.clock = clock;
    }

    /** Runs a step; its time counts even where it fails. */
    <T> T run(String name, Callable<T> step) throws Exception {
        Instant start = clock.instant();
        try {
            return step.call();
        } finally {
            taken.merge(name, Duration.between(start, clock.instant()), Duration::plus);
        }
    }

    /** Records a duration that is not a step, for example the time until the first delivery. */
    void record(String name, Duration duration) {
        taken.put(name, duration);
    }

    Duration total() {
        return taken.values().stream().reduce(Duration.ZERO, Duration::plus);
    }

    Map<String, Duration> all() {
        return Map.copyOf(taken);
    }

    /** Seconds by step, in the order in which the steps ran. */
    Json.Obj json() {
        Json.Builder seconds = Json.object();
        taken.forEach((name, duration) -> seconds.put(name, Json.of(BigDecimal.valueOf(duration.toMillis(), 3))));
        return seconds.build();
    }
}
