package org.tallystick.platform.api.dispatch;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.tallystick.platform.kernel.Category;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.party.Bearer;
import org.tallystick.platform.party.KeyCheck;
import org.tallystick.platform.party.SecurityEvent;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;

/**
 * Finds whose API key a request shows. Every key that is none is noted in the security log with the address it came from, never
 * the key itself. An address with {@value #MOST} of them within {@link #WINDOW} is told to wait: until then only keys pass
 * that were right from that address before, so that whoever guesses learns nothing and whoever shares the address works on.
 * The same holds for a party whose keys so many wrong secrets were shown for, from wherever: the wrong ones are told to wait,
 * right ones pass, so that nobody shuts a party out. What is remembered is bounded. Safe from any thread.
 */
public final class KeyDoor {
    /** Wrong keys an address may show within the window. */
    static final int MOST = 100;

    static final Duration WINDOW = Duration.ofMinutes(1);

    /** Addresses, and pairs of address and right key, that are remembered; the longest unused is forgotten first. */
    private static final int REMEMBERED = 10_000;

    private final Function<String, KeyCheck> keys;
    private final Notes notes;
    private final InstantSource clock;
    private final Map<String, Failures> failures = remembering();
    private final Map<Hash, Boolean> right = remembering();

    /** How often an address or a party's keys failed since the window began. */
    private record Failures(Instant since, int count) {}

    /** Where events go: the security log. */
    @FunctionalInterface
    public interface Notes {
        void note(SecurityEvent.Kind kind, Optional<PartyId> party, String about, String address);
    }

    /** @param keys what a text is worth as a key */
    public KeyDoor(Function<String, KeyCheck> keys, Notes notes, InstantSource clock) {
        this.keys = keys;
        this.notes = notes;
        this.clock = clock;
    }

    /**
     * Whose key it is; refused where it is nobody's, or over.
     *
     * @param key as shown; empty where the header holds none
     * @param address as the connection has it
     * @throws HttpRefusedException 429 {@code auth/too-many-failures}
     */
    Bearer open(Optional<String> key, String address, String operation) {
        Optional<Hash> pair = key.map(text -> Sha256.hash((address + "\n" + text).getBytes(StandardCharsets.UTF_8)));
        String network = Networks.of(address);
        if (isClosed(network) && !pair.map(this::wasRight).orElse(false)) {
            throw tooMany("from this address");
        }
        return switch (key.map(keys).orElse(new KeyCheck.Wrong(Optional.empty()))) {
            case KeyCheck.Good(Bearer bearer) -> {
                remember(pair.orElseThrow());
                yield bearer;
            }
            case KeyCheck.Ended(PartyId party, String id, boolean revoked) -> {
                notes.note(SecurityEvent.Kind.ENDED_KEY, Optional.of(party), id, network);
                failed(network);
                throw Refusals.keyEnded(revoked).asException();
            }
            case KeyCheck.Wrong(Optional<PartyId> guessed) -> throw wrong(guessed, network, operation);
        };
    }

    private RuntimeException wrong(Optional<PartyId> guessed, String network, String operation) {
        notes.note(SecurityEvent.Kind.WRONG_KEY, guessed, operation, network);
        failed(network);
        if (guessed.filter(party -> count("party " + party) > MOST).isPresent()) {
            return tooMany("for keys of this party");
        }
        return Refusals.keyInvalid().asException();
    }

    /**
     * Refuses an address that has shown too much that is wrong, before a signature is checked.
     *
     * @throws HttpRefusedException 429 {@code auth/too-many-failures}
     */
    void checkOpen(String address) {
        if (isClosed(Networks.of(address))) {
            throw tooMany("from this address");
        }
    }

    /** Counts a signed request that was refused, as a wrong key is. */
    void wrongRequest(String address, String operation) {
        String network = Networks.of(address);
        notes.note(SecurityEvent.Kind.WRONG_REQUEST, Optional.empty(), operation, network);
        failed(network);
    }

    /** Notes that the policy has refused somebody who has shown who it is. */
    void refused(Bearer bearer, String address, String operation) {
        notes.note(
                SecurityEvent.Kind.POLICY_REFUSED,
                Optional.of(bearer.principal().id()),
                operation,
                Networks.of(address));
    }

    private static HttpRefusedException tooMany(String where) {
        return new HttpRefusedException(
                429,
                Problem.of(
                        Category.UNAUTHENTICATED,
                        "auth/too-many-failures",
                        "Too many wrong keys",
                        "more than " + MOST + " wrong keys came " + where + " within " + WINDOW.toSeconds()
                                + " seconds; wait, then show a right one"));
    }

    private synchronized boolean wasRight(Hash pair) {
        return right.containsKey(pair);
    }

    private synchronized void remember(Hash pair) {
        right.put(pair, true);
    }

    private synchronized boolean isClosed(String network) {
        Failures known = failures.getOrDefault(network, new Failures(clock.instant(), 0));
        return known.count() >= MOST && known.since().plus(WINDOW).isAfter(clock.instant());
    }

    private void failed(String network) {
        if (count(network) == MOST) {
            notes.note(SecurityEvent.Kind.ADDRESS_CLOSED, Optional.empty(), "", network);
        }
    }

    private synchronized int count(String who) {
        Instant now = clock.instant();
        Failures next = failures.merge(
                who,
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
