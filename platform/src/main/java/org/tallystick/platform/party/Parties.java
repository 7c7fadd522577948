package org.tallystick.platform.party;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.ClockSkew;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Page;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.Command;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Projection;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Ed25519Keys;
import org.tallystick.protocol.sign.KeyHandover;
import org.tallystick.protocol.sign.KeyPossession;
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

    /** Most items on a page. */
    public static final int MAX_PAGE = 500;

    private static final Duration ORPHAN_AGE = Duration.ofHours(1);

    private final Database database;
    private final Sequencer sequencer;
    private final Verifier verifier;
    private final InstantSource clock;
    private final DidKey platform;
    private final BriefCache<PartyId, Party> recent;
    private final SecurityEvents events;
    private final SignedRequests requests;
    private final ApiKeys keys;

    /** @param platform this platform's public key, which everything a party signs for it names */
    public Parties(Database database, Sequencer sequencer, Verifier verifier, InstantSource clock, DidKey platform) {
        this.database = database;
        this.sequencer = sequencer;
        this.verifier = verifier;
        this.clock = clock;
        this.platform = platform;
        this.recent = new BriefCache<>(Duration.ofSeconds(1), clock);
        this.events = new SecurityEvents(database, clock);
        this.requests = new SignedRequests(database, platform, verifier, clock);
        this.keys = new ApiKeys(database, platform, verifier, clock, events);
    }

    /** The parties' API keys. */
    public ApiKeys keys() {
        return keys;
    }

    /** Requests that parties sign. */
    public SignedRequests requests() {
        return requests;
    }

    /** What happened at the door and to keys. */
    public SecurityEvents events() {
        return events;
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
     * Registers a party whose key shows that whoever brings it has it. The same again is a repeat.
     *
     * @param possession {@link KeyPossession}, compact
     * @return the party; refused {@code party/possession}, {@code party/conflict} where the id belongs to another role, key or
     *     name
     */
    public Outcome<Party> register(NewParty party, String possession) {
        Optional<Problem> objection = objection(possession, party.key(), party.id(), party.role());
        if (objection.isPresent()) {
            events.note(
                    SecurityEvent.Kind.POSSESSION_REFUSED,
                    party.id(),
                    party.role().text());
            return Outcome.refused(objection.get());
        }
        return register(party, Optional.of(possession));
    }

    /** Registers a party whose key is known to be its own without a proof: the platform's. */
    public Outcome<Party> register(NewParty party) {
        return register(party, Optional.empty());
    }

    private Optional<Problem> objection(String possession, DidKey key, PartyId id, Role role) {
        Optional<String> wrong;
        try {
            wrong = KeyPossession.verify(possession, key, verifier)
                    .objection(platform, id.value(), role.text(), clock.instant(), ClockSkew.MOST);
        } catch (MalformedException e) {
            wrong = Optional.of("the key has not signed it (" + e.detail() + ")");
        }
        return wrong.map(detail -> Problem.forbidden(
                "party/possession",
                "Possession not shown",
                "the proof does not show that whoever brings " + key + " has it: " + detail
                        + "; its party makes one with tallystick party proof"));
    }

    private Outcome<Party> register(NewParty party, Optional<String> possession) {
        Profile profile = Profile.salted(party.displayName());
        database.write(tx -> {
            PersonalStore.insertProfile(tx, profile, clock.instant());
            return true;
        });
        Outcome<Party> outcome = sequencer.execute(registration(party, profile, possession));
        if (!(outcome instanceof Outcome.Accepted<Party> accepted) || accepted.repeated()) {
            database.write(tx -> PersonalStore.deleteProfile(tx, profile.hash()));
        } else {
            events.note(
                    SecurityEvent.Kind.PARTY_REGISTERED,
                    party.id(),
                    party.role().text());
        }
        return outcome;
    }

    private static Command<Outcome<Party>> registration(NewParty party, Profile profile, Optional<String> possession) {
        return (tx, now) -> PartyStore.find(tx, party.id())
                .map(found -> Decision.answer(again(found, party)))
                .orElseGet(() -> Decision.append(
                        List.of(Draft.document(
                                PartyProjection.PARTY, PartyProjection.partyBody(party, profile.hash(), possession))),
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
     * Gives a party a new signing key, by its old one's word and the new one's. All API keys of the party end with the old
     * key, because whoever had that could ask for some.
     *
     * @param handover signature by the present key over the UTF-8 text {@code tallystick/party-key/v1\n<id>\n<did:key>}
     * @param possession {@link KeyPossession} by the new key, compact
     * @return refused {@code party/unknown}, {@code party/key}, {@code party/key-proof}, {@code party/possession}
     */
    public Outcome<Party> rotateKey(PartyId id, DidKey key, byte[] handover, String possession) {
        if (!Ed25519Keys.isUsable(key.publicKey())) {
            return Outcome.refused(Problem.invalid("party/key", "Unusable key", "this key would bind nobody"));
        }
        byte[] message = rotationMessage(id, key);
        Optional<Problem> objection = find(id).flatMap(party -> objection(possession, key, id, party.role()));
        Outcome<Party> outcome = sequencer.execute((tx, now) -> {
            Optional<Party> found = PartyStore.find(tx, id);
            Optional<DidKey> present = found.flatMap(Party::key);
            if (found.isEmpty() || present.isEmpty()) {
                return Decision.answer(Outcome.refused(unknown(id)));
            }
            if (present.get().equals(key)) {
                return Decision.answer(Outcome.repeated(found.get()));
            }
            if (!verifier.verify(present.get().publicKey(), message, handover)) {
                return Decision.answer(Outcome.refused(Problem.forbidden(
                        "party/key-proof", "Not proven", "the new key is not signed by the present key of " + id)));
            }
            if (objection.isPresent()) {
                return Decision.answer(Outcome.refused(objection.get()));
            }
            Party changed = new Party(
                    id,
                    found.get().role(),
                    Optional.of(key),
                    found.get().displayName(),
                    found.get().registered());
            return Decision.append(
                    List.of(Draft.document(
                            PartyProjection.KEY_ROTATED, PartyProjection.keyBody(id, key, handover, possession))),
                    position -> Outcome.accepted(changed));
        });
        if (outcome instanceof Outcome.Accepted<Party> accepted && !accepted.repeated()) {
            recent.clear();
            keys.revokeAll(id);
            events.note(SecurityEvent.Kind.SIGNING_KEY_CHANGED, id, "");
        }
        return outcome;
    }

    /** What the present key signs to hand over to another. */
    public static byte[] rotationMessage(PartyId id, DidKey key) {
        return KeyHandover.message(id.value(), key);
    }

    /**
     * Makes an API key for a party that does not sign. Its text is shown this once and kept nowhere.
     *
     * @return {@code tsk_<id>_<secret>}; refused as by {@link ApiKeys#issue}
     */
    public Outcome<String> issueKey(PartyId id) {
        return keys.issue(id, KeyWish.PLAIN);
    }

    /** Who a key belongs to; empty for anything that is no valid key. Remembered for a few seconds. */
    public Optional<Principal> authenticate(String keyText) {
        return keys.check(keyText) instanceof KeyCheck.Good(Bearer bearer)
                ? Optional.of(bearer.principal())
                : Optional.empty();
    }

    /** A party as a transaction sees it. */
    public Optional<Party> find(Handle tx, PartyId id) {
        return PartyStore.find(tx, id);
    }

    /** Log positions of all entries by which a party has or had a signing key, ascending; none for one without a key. */
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

    /**
     * Forgets what is personal: display name and API keys. Id, role, signing key and everything in the log stay, because
     * money was paid under them.
     *
     * @return the party as it is now; refused {@code party/unknown}
     */
    public Outcome<Party> erase(PartyId id) {
        Outcome<Party> outcome = database.write(tx -> {
            Optional<Party> found = PartyStore.find(tx, id);
            if (found.isEmpty()) {
                return Outcome.refused(unknown(id));
            }
            int profiles = PartyStore.profileHash(tx, id)
                    .map(hash -> PersonalStore.deleteProfile(tx, org.tallystick.protocol.codec.Hash.of(hash)))
                    .orElse(0);
            int keys = ApiKeys.erase(tx, id);
            Party now = PartyStore.find(tx, id).orElseThrow();
            return profiles + keys == 0 ? Outcome.repeated(now) : Outcome.accepted(now);
        });
        keys.forget();
        recent.clear();
        return outcome;
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
        String fresh = keys.issue(OPERATOR, KeyWish.PLAIN, true).orThrow();
        OperatorKeyFile.write(keyFile, fresh);
        return fresh;
    }

    static Problem unknown(PartyId id) {
        return Problem.notFound("party/unknown", "Unknown party", "no party is registered as " + id);
    }
}
