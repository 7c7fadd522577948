package org.tallystick.platform.party;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.ClockSkew;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.SignedRequest;
import org.tallystick.protocol.sign.Verifier;

/**
 * Checks requests that parties sign with their registered keys, and takes each of them once. Safe from any thread.
 */
public final class SignedRequests {
    /** Signed requests of one party that may be remembered at a time; they are remembered while they could be repeated. */
    static final int MOST = 128;

    /** How long past its end a request is remembered, in case this clock is set back. */
    private static final Duration KEPT = Duration.ofHours(1);

    private final Database database;
    private final DidKey platform;
    private final Verifier verifier;
    private final InstantSource clock;

    SignedRequests(Database database, DidKey platform, Verifier verifier, InstantSource clock) {
        this.database = database;
        this.platform = platform;
        this.verifier = verifier;
        this.clock = clock;
    }

    /**
     * A request its party has signed.
     *
     * @param compact as it came
     */
    public record Taken(Principal principal, SignedRequest request, String compact) {
        public Taken {
            Objects.requireNonNull(principal);
            Objects.requireNonNull(request);
            Objects.requireNonNull(compact);
        }
    }

    /**
     * Checks all but the body, and whether it was used.
     *
     * @param target path and query as they stand in the request line
     * @return refused {@code auth/request-unreadable}, {@code auth/request-not-valid}, {@code auth/request-elsewhere},
     *     {@code auth/request-time}
     */
    public Outcome<Taken> check(String compact, String method, String target) {
        SignedRequest stated;
        try {
            stated = SignedRequest.parse(compact);
        } catch (MalformedException e) {
            return refused("auth/request-unreadable", "Signed request unreadable", e.detail());
        }
        Optional<Party> party = database.read(tx -> PartyStore.find(tx, new PartyId(stated.party())));
        Optional<SignedRequest> signed = party.flatMap(Party::key).flatMap(key -> verified(compact, key));
        if (party.isEmpty() || signed.isEmpty()) {
            return refused(
                    "auth/request-not-valid",
                    "Signed request not valid",
                    "it is not signed by the key that " + stated.party() + " is registered with");
        }
        SignedRequest request = signed.get();
        if (!request.platform().equals(platform)) {
            return elsewhere("it is for the platform " + request.platform() + ", this is " + platform);
        }
        if (!request.method().equals(method) || !request.target().equals(target)) {
            return elsewhere(
                    "it is for " + request.method() + " " + request.target() + ", this is " + method + " " + target);
        }
        Instant now = clock.instant();
        if (request.time().isAfter(now.plus(ClockSkew.MOST)) || now.isAfter(end(request))) {
            return refused(
                    "auth/request-time",
                    "Signed request at the wrong time",
                    "it was signed at " + request.time() + ", which is " + now + " here; it holds for "
                            + SignedRequest.VALID.toMinutes() + " minutes");
        }
        return Outcome.accepted(new Taken(party.get().principal(), request, compact));
    }

    private Optional<SignedRequest> verified(String compact, DidKey key) {
        try {
            return Optional.of(SignedRequest.verify(compact, key, verifier));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /**
     * Takes a request that was checked: once.
     *
     * @param body of the request that came
     * @return refused {@code auth/request-elsewhere} for another body, {@code auth/request-used}, {@code
     *     auth/too-many-requests}
     */
    public Outcome<Taken> take(Taken checked, Hash body) {
        if (!checked.request().body().equals(body)) {
            return elsewhere("it is for another body than came with it");
        }
        PartyId party = checked.principal().id();
        Instant now = clock.instant();
        return database.write(tx -> {
            KeyStore.forgetUsed(tx, now.minus(KEPT));
            if (KeyStore.countUsed(tx, party, now) >= MOST) {
                return Outcome.refused(Problem.unavailable(
                        "auth/too-many-requests",
                        "Too many signed requests",
                        party + " has signed " + MOST + " requests within a few minutes; ask again later"));
            }
            return KeyStore.use(tx, party, checked.request().nonce(), end(checked.request()))
                    ? Outcome.accepted(checked)
                    : refused(
                            "auth/request-used",
                            "Signed request used before",
                            "each signed request is taken once; sign another");
        });
    }

    private static Instant end(SignedRequest request) {
        return request.time().plus(SignedRequest.VALID);
    }

    private static <T> Outcome<T> elsewhere(String detail) {
        return refused("auth/request-elsewhere", "Signed request for something else", detail);
    }

    private static <T> Outcome<T> refused(String type, String title, String detail) {
        return Outcome.refused(Problem.unauthenticated(type, title, detail));
    }
}
