package org.tallystick.platform.party;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Page;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.Command;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Projection;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Ed25519Keys;
import org.tallystick.protocol.sign.Verifier;

/**
 * The registry of parties and their API keys. Safe from any thread. Registration and key changes go through the log; what
 * is personal is written beside it, before the entry that refers to it, so that a crash between the two leaves at worst a
 * profile no party refers to, which is removed later.
 *
 * <p>Every method may throw what the sequencer and the database throw when they cannot answer now; repeating is safe.
 */
public final class Parties {
    /** The operator made on first start. */
    public static final PartyId OPERATOR = new PartyId("operator");

    /** Most API keys one party has at a time. */
    public static final int MAX_KEYS = 32;

    /** Most items on a page. */
    public static final int MAX_PAGE = 500;

    private static final Duration ORPHAN_AGE = Duration.ofHours(1);

    private final Database database;
    private final Sequencer sequencer;
    private final Verifier verifier;
    private final InstantSource clock;
    private final BriefCache<String, PersonalStore.Found> keys;
    private final BriefCache<PartyId, Party> recent;

    public Parties(Database database, Sequencer sequencer, Verifier verifier, InstantSource clock) {
        this.database = database;
        this.sequencer = sequencer;
        this.verifier = verifier;
        this.clock = clock;
        this.keys = new BriefCache<>(Duration.ofSeconds(5), clock);
        this.recent = new BriefCache<>(Duration.ofSeconds(1), clock);
    }

    /** What this room makes of the log; the sequencer and a rebuild call it. */
    public static Projection projection() {
        return new PartyProjection();
    }

    /**
     * The entry that makes an edge a party, for the delivery room to append with its own: an edge exists with both or
     * neither.
     */
    public static Draft edge(PartyId id) {
        return Draft.document(PartyProjection.PARTY, PartyProjection.edgeBody(id));
    }

    /**
     * Registers a party. The same again is a repeat.
     *
     * @return the party; refused {@code party/conflict} where the id belongs to another role, key or name
     */
    public Outcome<Party> register(NewParty party) {
        Profile profile = Profile.salted(party.displayName());
        database.write(tx -> {
            PersonalStore.insertProfile(tx, profile, clock.instant());
            return true;
        });
        Outcome<Party> outcome = sequencer.execute(registration(party, profile));
        if (!(outcome instanceof Outcome.Accepted<Party> accepted) || accepted.repeated()) {
            database.write(tx -> PersonalStore.deleteProfile(tx, profile.hash()));
        }
        return outcome;
    }

    private static Command<Outcome<Party>> registration(NewParty party, Profile profile) {
        return (tx, now) -> PartyStore.find(tx, party.id())
                .map(found -> Decision.answer(again(found, party)))
                .orElseGet(() -> Decision.append(
                        List.of(Draft.document(
                                PartyProjection.PARTY, PartyProjection.partyBody(party, profile.hash()))),
                        position -> Outcome.accepted(new Party(
                                party.id(),
                                party.role(),
                                Optional.of(party.key()),
                                Optional.of(party.displayName()),
                                now))));
    }

    private static Outcome<Party> again(Party found, NewParty party) {
        boolean same = found.role() == party.role()
                && found.key().equals(Optional.of(party.key()))
                && found.displayName().orElse(party.displayName()).equals(party.displayName());
        return same
                ? Outcome.repeated(found)
                : Outcome.refused(Problem.conflict(
                        "party/conflict",
                        "The id belongs to another",
                        party.id() + " is registered with another role, key or display name"));
    }

    /**
     * Gives a party a new signing key, by its old one's word.
     *
     * @param proof signature by the present key over the UTF-8 text {@code tallystick/party-key/v1\n<id>\n<did:key>}
     * @return refused {@code party/unknown}, {@code party/key}, {@code party/key-proof}
     */
    public Outcome<Party> rotateKey(PartyId id, DidKey key, byte[] proof) {
        if (!Ed25519Keys.isUsable(key.publicKey())) {
            return Outcome.refused(Problem.invalid("party/key", "Unusable key", "this key would bind nobody"));
        }
        byte[] message = rotationMessage(id, key);
        return sequencer.execute((tx, now) -> {
            Optional<Party> found = PartyStore.find(tx, id);
            Optional<DidKey> present = found.flatMap(Party::key);
            if (found.isEmpty() || present.isEmpty()) {
                return Decision.answer(Outcome.refused(unknown(id)));
            }
            if (present.get().equals(key)) {
                return Decision.answer(Outcome.repeated(found.get()));
            }
            if (!verifier.verify(present.get().publicKey(), message, proof)) {
                return Decision.answer(Outcome.refused(Problem.forbidden(
                        "party/key-proof", "Not proven", "the new key is not signed by the present key of " + id)));
            }
            Party changed = new Party(
                    id,
                    found.get().role(),
                    Optional.of(key),
                    found.get().displayName(),
                    found.get().registered());
            return Decision.append(
                    List.of(Draft.document(PartyProjection.KEY_ROTATED, PartyProjection.keyBody(id, key))),
                    position -> Outcome.accepted(changed));
        });
    }

    /** What the present key signs to hand over to another. */
    static byte[] rotationMessage(PartyId id, DidKey key) {
        return ("tallystick/party-key/v1\n" + id + "\n" + key).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Makes an API key. Its text is shown this once and kept nowhere.
     *
     * @return {@code tsk_<id>_<secret>}; refused {@code party/unknown}, {@code party/too-many-keys}
     */
    public Outcome<String> issueKey(PartyId id) {
        return issueKey(id, false);
    }

    private Outcome<String> issueKey(PartyId id, boolean bootstrap) {
        ApiKey.Fresh fresh = ApiKey.generate();
        return database.write(tx -> {
            if (PartyStore.find(tx, id).isEmpty()) {
                return Outcome.refused(unknown(id));
            }
            if (bootstrap) {
                PersonalStore.deleteBootstrapKeys(tx, id);
            } else if (PersonalStore.countKeys(tx, id) >= MAX_KEYS) {
                return Outcome.refused(Problem.conflict(
                        "party/too-many-keys",
                        "Too many keys",
                        id + " has " + MAX_KEYS + " keys; revoke them before making another"));
            }
            PersonalStore.insertKey(tx, fresh.key(), id, bootstrap, clock.instant());
            return Outcome.accepted(fresh.text());
        });
    }

    /** Makes all API keys of a party worthless, on this process at once; the answer is how many there were. */
    public int revokeKeys(PartyId id) {
        int revoked = database.write(tx -> PersonalStore.deleteKeys(tx, id));
        keys.clear();
        return revoked;
    }

    /** Who a key belongs to; empty for anything that is no valid key. Remembered for a few seconds. */
    public Optional<Principal> authenticate(String keyText) {
        return ApiKey.parse(keyText)
                .flatMap(key -> keys.get(key.id(), () -> database.read(tx -> PersonalStore.findKey(tx, key.id())))
                        .filter(found -> key.matches(found.secretHash()))
                        .map(PersonalStore.Found::principal));
    }

    /** A party as a transaction sees it. */
    public Optional<Party> find(Handle tx, PartyId id) {
        return PartyStore.find(tx, id);
    }

    /**
     * Log positions of the entries with a party's first key and with its present one; one where they are the same, none for
     * a party that is unknown or has no key.
     */
    public static List<Long> keyPositions(Handle tx, PartyId id) {
        return PartyStore.keyPositions(tx, id);
    }

    /** A party as last committed. */
    public Optional<Party> find(PartyId id) {
        return database.read(tx -> PartyStore.find(tx, id));
    }

    /** A party as committed at most a second ago, for paths that ask for the same few parties again and again. */
    public Optional<Party> recent(PartyId id) {
        return recent.get(id, () -> find(id));
    }

    /**
     * Parties in the order of their ids.
     *
     * @param after the {@code next} of the page before
     * @param limit 1 to {@value #MAX_PAGE}; values beyond are brought within
     */
    public Page<Party> list(Optional<Role> role, Optional<PartyId> after, int limit) {
        int size = Math.clamp(limit, 1, MAX_PAGE);
        List<Party> found = database.read(tx -> PartyStore.list(tx, role, after, size + 1));
        if (found.size() <= size) {
            return Page.last(found);
        }
        List<Party> page = found.subList(0, size);
        return new Page<>(page, Optional.of(page.getLast().id().value()));
    }

    /** Nothing about parties or their keys is remembered any longer, so that a change is seen at once. */
    void forgetCached() {
        keys.clear();
        recent.clear();
    }

    /**
     * Makes the first operator and leaves its API key in a file only the owner can read. A file whose key is still good
     * is left alone; a lost or stale one is replaced, and the key it held is revoked.
     *
     * @param key the platform's own signing key, which the operator acts with
     * @return the API key
     */
    public String ensureOperator(Path keyFile, DidKey key) {
        Instant now = clock.instant();
        database.write(tx -> PersonalStore.deleteOrphans(tx, now.minus(ORPHAN_AGE)));
        Optional<String> kept = OperatorKeyFile.read(keyFile);
        if (kept.flatMap(this::authenticate)
                .filter(p -> p.id().equals(OPERATOR))
                .isPresent()) {
            return kept.orElseThrow();
        }
        if (find(OPERATOR).isEmpty()) {
            register(new NewParty(OPERATOR, Role.OPERATOR, "Operator", key)).orThrow();
        }
        String fresh = issueKey(OPERATOR, true).orThrow();
        OperatorKeyFile.write(keyFile, fresh);
        return fresh;
    }

    static Problem unknown(PartyId id) {
        return Problem.notFound("party/unknown", "Unknown party", "no party is registered as " + id);
    }
}
