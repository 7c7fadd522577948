package org.tallystick.platform.party;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.protocol.sign.ApiKey;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Verifier;

/**
 * The API keys of all parties: making, listing, ending and checking them. A party that signs makes its key itself and asks for
 * it under its signature, so that nobody else ever sees it; edges, auditors and operators are given theirs. What is revoked is
 * worthless here at once. Safe from any thread.
 */
public final class ApiKeys {
    /** Most API keys one party has at a time. */
    public static final int MAX = 32;

    /** Most keys that ended which are still listed. */
    static final int MAX_ENDED = 64;

    private static final int REMEMBERED_HOURS = 10_000;

    private final Database database;
    private final OwnKeys own;
    private final InstantSource clock;
    private final SecurityEvents events;
    private final BriefCache<String, Checked> cache;
    private final Map<String, Instant> usedIn = new ConcurrentHashMap<>();

    /** A key's row, and what its party asked for where it did. */
    private record Checked(KeyStore.Found found, Optional<KeyWish> asked) {}

    ApiKeys(Database database, DidKey platform, Verifier verifier, InstantSource clock, SecurityEvents events) {
        this.database = database;
        this.own = new OwnKeys(platform, verifier);
        this.clock = clock;
        this.events = events;
        this.cache = new BriefCache<>(Duration.ofSeconds(5), clock);
    }

    /**
     * Makes a key for a party that does not sign. Its text is shown this once and kept nowhere.
     *
     * @return {@code tsk_<id>_<secret>}; refused {@code party/unknown}, {@code key/asked-for-by-its-party}, {@code
     *     key/made-here}, {@code key/expires}, {@code key/unknown}, {@code party/too-many-keys}
     */
    public Outcome<String> issue(PartyId party, KeyWish wish) {
        return issue(party, wish, false);
    }

    Outcome<String> issue(PartyId party, KeyWish wish, boolean bootstrap) {
        if (wish.key().isPresent()) {
            return Outcome.refused(Problem.invalid(
                    "key/made-here",
                    "The key is made here",
                    "for " + party + " the platform makes the key; id and secret_hash are for those who sign"));
        }
        ApiKey.Fresh fresh = ApiKey.generate();
        Outcome<String> outcome = database.write(tx -> {
            Optional<Party> found = PartyStore.find(tx, party);
            if (found.isEmpty()) {
                return Outcome.refused(Parties.unknown(party));
            }
            if (found.get().role().signs()) {
                return Outcome.refused(asksItself(found.get().principal()));
            }
            if (bootstrap) {
                KeyStore.deleteBootstrap(tx, party);
            }
            return insert(tx, party, fresh.key(), bootstrap, wish, Optional.empty())
                    .map(made -> fresh.text());
        });
        return noted(outcome, party, fresh.key().id(), wish);
    }

    static Problem asksItself(Principal party) {
        return Problem.forbidden(
                "key/asked-for-by-its-party",
                "Its party asks for it",
                party.id() + " is a " + party.role().text()
                        + " and signs for itself: nobody else makes its API keys; it asks for one with its signing key:"
                        + " tallystick key new --party " + party.id() + " --sign-key FILE --out FILE");
    }

    /**
     * Takes a key that a party has made and asks for under its signature. The same key again is a repeat.
     *
     * @param request checked and not used before
     * @param body what the request covers
     * @return refused {@code key/not-made}, {@code key/taken}, {@code key/expires}, {@code key/unknown}, {@code
     *     party/too-many-keys}
     */
    public Outcome<KeyRecord> take(SignedRequests.Taken request, byte[] body) {
        PartyId party = request.principal().id();
        KeyWish wish = KeyWish.read(body);
        if (wish.key().isEmpty()) {
            return Outcome.refused(Problem.invalid(
                    "key/not-made",
                    "The key is not made",
                    "whoever signs makes its key itself: the body needs id and secret_hash"));
        }
        ApiKey key = wish.key().get();
        KeyStore.Request stored = new KeyStore.Request(request.compact(), body);
        Outcome<KeyRecord> outcome = database.write(tx -> {
            Optional<KeyStore.Found> known = KeyStore.find(tx, key.id());
            if (known.isPresent()) {
                return again(known.get(), party, key);
            }
            KeyRecord record = new KeyRecord(
                    key.id(),
                    party,
                    wish.name(),
                    true,
                    clock.instant(),
                    wish.expires(),
                    Optional.empty(),
                    Optional.empty());
            KeyStore.Found made = new KeyStore.Found(
                    record,
                    key.secretHash(),
                    request.principal(),
                    Optional.of(stored),
                    PartyStore.find(tx, party).flatMap(Party::key));
            return own.asked(made).isPresent()
                    ? insert(tx, party, key, false, wish, Optional.of(stored)).map(done -> record)
                    : Outcome.refused(Problem.invalid(
                            "key/target",
                            "Asked for elsewhere",
                            "a key is asked for at POST " + OwnKeys.target(request.principal())));
        });
        return noted(outcome, party, key.id(), wish);
    }

    private Outcome<KeyRecord> again(KeyStore.Found known, PartyId party, ApiKey key) {
        boolean same = known.principal().id().equals(party)
                && key.matches(known.secretHash())
                && known.record().isLive(clock.instant());
        return same
                ? Outcome.repeated(known.record())
                : Outcome.refused(Problem.conflict(
                        "key/taken", "The id is taken", "there is or was another key of the id " + key.id()));
    }

    /** Makes the row, unless something stands against it: then nothing has changed. */
    private Outcome<Boolean> insert(
            Handle tx, PartyId party, ApiKey key, boolean bootstrap, KeyWish wish, Optional<KeyStore.Request> request) {
        Instant now = clock.instant();
        if (wish.expires().filter(end -> !end.isAfter(now)).isPresent()) {
            return Outcome.refused(Problem.invalid(
                    "key/expires", "Expired before it begins", "it is " + now + ", later than the end asked for"));
        }
        Optional<String> old = wish.replaces();
        if (old.isPresent() && !isLive(tx, party, old.get(), now)) {
            return Outcome.refused(unknown(party, old.get()));
        }
        if (KeyStore.countLive(tx, party, now) - (old.isPresent() ? 1 : 0) >= MAX) {
            return Outcome.refused(Problem.conflict(
                    "party/too-many-keys",
                    "Too many keys",
                    party + " has " + MAX + " keys; revoke them before making another"));
        }
        old.ifPresent(id -> KeyStore.revoke(tx, party, id, now));
        KeyStore.forgetEnded(tx, party, MAX_ENDED, now);
        KeyStore.insert(tx, key, party, bootstrap, wish, request, now);
        return Outcome.accepted(true);
    }

    private static boolean isLive(Handle tx, PartyId party, String key, Instant now) {
        return KeyStore.find(tx, key)
                .map(KeyStore.Found::record)
                .filter(record -> record.party().equals(party) && record.isLive(now))
                .isPresent();
    }

    private <T> Outcome<T> noted(Outcome<T> outcome, PartyId party, String key, KeyWish wish) {
        if (outcome instanceof Outcome.Accepted<T> accepted && !accepted.repeated()) {
            events.note(SecurityEvent.Kind.KEY_MADE, party, key);
            wish.replaces().ifPresent(old -> {
                cache.clear();
                events.note(SecurityEvent.Kind.KEY_REVOKED, party, old);
            });
        }
        return outcome;
    }

    /** A party's keys, the newest first; those that ended among them, the last {@value #MAX_ENDED}. */
    public List<KeyRecord> list(PartyId party) {
        return database.read(tx -> KeyStore.of(tx, party)).stream()
                .map(KeyStore.Found::record)
                .toList();
    }

    /**
     * Makes a key worthless, on this process at once. Again is a repeat.
     *
     * @return the key as it is now; refused {@code key/unknown}
     */
    public Outcome<KeyRecord> revoke(PartyId party, String key) {
        Outcome<KeyRecord> outcome = database.write(tx -> {
            boolean now = KeyStore.revoke(tx, party, key, clock.instant()) == 1;
            return KeyStore.find(tx, key)
                    .map(KeyStore.Found::record)
                    .filter(record -> record.party().equals(party))
                    .map(record -> now ? Outcome.accepted(record) : Outcome.repeated(record))
                    .orElseGet(() -> Outcome.refused(unknown(party, key)));
        });
        cache.clear();
        if (outcome instanceof Outcome.Accepted<KeyRecord> accepted && !accepted.repeated()) {
            events.note(SecurityEvent.Kind.KEY_REVOKED, party, key);
        }
        return outcome;
    }

    /** Makes all keys of a party worthless, on this process at once; the answer is how many were still good or not yet over. */
    public int revokeAll(PartyId party) {
        int revoked = database.write(tx -> KeyStore.revokeAll(tx, party, clock.instant()));
        cache.clear();
        if (revoked > 0) {
            events.note(SecurityEvent.Kind.KEY_REVOKED, party, "all " + revoked);
        }
        return revoked;
    }

    /** Forgets all keys of a party, as a part of erasing it; {@link #forget} follows once it is committed. */
    static int erase(Handle tx, PartyId party) {
        return KeyStore.deleteAll(tx, party);
    }

    /** Asks the database anew for every key. */
    void forget() {
        cache.clear();
    }

    /** What a key is worth. A good one is remembered for a few seconds. */
    public KeyCheck check(String text) {
        Optional<ApiKey> shown = ApiKey.parse(text);
        if (shown.isEmpty()) {
            return new KeyCheck.Wrong(Optional.empty());
        }
        ApiKey key = shown.get();
        Optional<Checked> known = cache.get(
                key.id(),
                () -> database.read(tx -> KeyStore.find(tx, key.id()))
                        .map(found -> new Checked(found, own.asked(found))));
        if (known.isEmpty()) {
            return new KeyCheck.Wrong(Optional.empty());
        }
        KeyStore.Found found = known.get().found();
        Optional<KeyWish> asked = known.get().asked();
        PartyId party = found.principal().id();
        boolean revoked = found.record().revoked().isPresent();
        boolean unsigned = found.request().isPresent() && asked.isEmpty(); // its party has not asked for this key
        if (!key.matches(found.secretHash()) || (unsigned && !revoked)) {
            return new KeyCheck.Wrong(Optional.of(party));
        }
        Instant now = clock.instant();
        boolean over = asked.flatMap(KeyWish::expires)
                .filter(end -> !now.isBefore(end))
                .isPresent();
        if (over || !found.record().isLive(now)) {
            return new KeyCheck.Ended(party, key.id(), revoked);
        }
        noteUse(found.record(), now);
        return new KeyCheck.Good(
                new Bearer(found.principal(), asked.isPresent() ? Shown.OWN : Shown.ISSUED, Optional.of(key.id())));
    }

    /** At most one write for each key and hour. */
    private void noteUse(KeyRecord record, Instant now) {
        Instant hour = now.truncatedTo(ChronoUnit.HOURS);
        if (record.lastUsed().filter(last -> !last.isBefore(hour)).isPresent()) {
            return;
        }
        if (usedIn.size() >= REMEMBERED_HOURS) {
            usedIn.clear();
        }
        if (!hour.equals(usedIn.put(record.id(), hour))) {
            database.write(tx -> {
                KeyStore.used(tx, record.id(), hour);
                return true;
            });
        }
    }

    private static Problem unknown(PartyId party, String key) {
        return Problem.notFound("key/unknown", "Unknown key", party + " has no key " + key + " that could end");
    }
}
