package org.tallystick.platform.api.dispatch;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.platform.kernel.Category;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.party.Principal;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;

/**
 * Finds whose API key a request shows. Every key that is none is written to the security log with the address it came from,
 * never the key itself. An address with {@value #MOST} of them within {@link #WINDOW} is told to wait: until then only keys
 * pass that were right from that address before, so that whoever guesses learns nothing and whoever shares the address works
 * on. What is remembered is bounded. Safe from any thread.
 */
public final class KeyDoor {
    /** Wrong keys an address may show within the window. */
    static final int MOST = 100;

    static final Duration WINDOW = Duration.ofMinutes(1);

    /** Addresses, and pairs of address and right key, that are remembered; the longest unused is forgotten first. */
    private static final int REMEMBERED = 10_000;

    private static final Logger SECURITY = LoggerFactory.getLogger("org.tallystick.security");

    private final Function<String, Optional<Principal>> keys;
    private final InstantSource clock;
    private final Map<String, Failures> failures = remembering();
    private final Map<Hash, Boolean> right = remembering();

    /** How often an address failed since the window began. */
    private record Failures(Instant since, int count) {}

    /** @param keys whose key a text is, if it is one */
    public KeyDoor(Function<String, Optional<Principal>> keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Whose key it is; empty where it is nobody's.
     *
     * @param key as shown; empty where the header holds none
     * @throws HttpRefusedException 429 {@code auth/too-many-failures}
     */
    Optional<Principal> open(Optional<String> key, String address, String operation) {
        Optional<Hash> pair = key.map(text -> Sha256.hash((address + "\n" + text).getBytes(StandardCharsets.UTF_8)));
        if (isClosed(address) && !pair.map(this::wasRight).orElse(false)) {
            throw new HttpRefusedException(
                    429,
                    Problem.of(
                            Category.UNAUTHENTICATED,
                            "auth/too-many-failures",
                            "Too many wrong keys",
                            "more than " + MOST + " wrong keys came from this address within " + WINDOW.toSeconds()
                                    + " seconds; wait, then show a right one"));
        }
        Optional<Principal> found = key.flatMap(keys);
        if (found.isPresent()) {
            remember(pair.orElseThrow());
        } else {
            int count = failed(address);
            SECURITY.warn("wrong API key from {} for {}: number {} within a minute", address, operation, count);
        }
        return found;
    }

    private synchronized boolean wasRight(Hash pair) {
        return right.containsKey(pair);
    }

    private synchronized void remember(Hash pair) {
        right.put(pair, true);
    }

    private synchronized boolean isClosed(String address) {
        Failures known = failures.getOrDefault(address, new Failures(clock.instant(), 0));
        return known.count() >= MOST && known.since().plus(WINDOW).isAfter(clock.instant());
    }

    private synchronized int failed(String address) {
        Instant now = clock.instant();
        Failures next = failures.merge(
                address,
                new Failures(now, 1),
                (before, one) -> before.since().plus(WINDOW).isAfter(now)
                        ? new Failures(before.since(), before.count() + 1)
                        : one);
        return next.count();
    }

    private static <K, V> Map<K, V> remembering() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }
}
