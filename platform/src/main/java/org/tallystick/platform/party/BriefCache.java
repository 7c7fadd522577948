package org.tallystick.platform.party;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what a query found for a moment, so that a busy client costs no query per request. Only what exists is
 * remembered, so guessing fills nothing; full, it forgets everything. Safe from any thread.
 */
final class BriefCache<K, V> {
    private static final int MAX = 10_000;

    private record Entry<V>(V value, Instant until) {}

    private final ConcurrentMap<K, Entry<V>> entries = new ConcurrentHashMap<>();
    private final Duration lifetime;
    private final InstantSource clock;

    BriefCache(Duration lifetime, InstantSource clock) {
        this.lifetime = lifetime;
        this.clock = clock;
    }

    Optional<V> get(K key, Supplier<Optional<V>> query) {
        Instant now = clock.instant();
        @Nullable Entry<V> entry = entries.get(key);
        if (entry != null && now.isBefore(entry.until())) {
            return Optional.of(entry.value());
        }
        Optional<V> found = query.get();
        found.ifPresent(value -> {
            if (entries.size() >= MAX) {
                entries.clear();
            }
            entries.put(key, new Entry<>(value, now.plus(lifetime)));
        });
        return found;
    }

    void clear() {
        entries.clear();
    }
}
