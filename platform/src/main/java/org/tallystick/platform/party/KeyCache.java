package org.tallystick.platform.party;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for a few seconds what a key opens, so that a busy client costs no query per request. Only keys that exist
 * are remembered, so guessing fills nothing; full, it forgets everything. Safe from any thread.
 */
final class KeyCache {
    private static final Duration TTL = Duration.ofSeconds(5);
    private static final int MAX = 10_000;

    private record Entry(PersonalStore.Found found, Instant until) {}

    private final ConcurrentMap<String, Entry> entries = new ConcurrentHashMap<>();
    private final InstantSource clock;

    KeyCache(InstantSource clock) {
        this.clock = clock;
    }

    Optional<PersonalStore.Found> get(String keyId) {
        @Nullable Entry entry = entries.get(keyId);
        return entry != null && clock.instant().isBefore(entry.until()) ? Optional.of(entry.found()) : Optional.empty();
    }

    void put(String keyId, PersonalStore.Found found) {
        if (entries.size() >= MAX) {
            entries.clear();
        }
        entries.put(keyId, new Entry(found, clock.instant().plus(TTL)));
    }

    void clear() {
        entries.clear();
    }
}
