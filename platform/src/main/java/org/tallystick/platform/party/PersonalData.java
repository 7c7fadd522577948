package org.tallystick.platform.party;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.Command;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Erasure;
import org.tallystick.platform.log.KeptWords;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.log.Wording;

/**
 * What a person may ask of a platform about itself: to be forgotten, to be called rightly, and to be shown what is kept. An
 * erasure is an entry of the log that names nobody but by id; the words go with it, in one transaction. Ids, keys, contracts and
 * the history of money stay, because others were paid and bound by them. Safe from any thread.
 */
public final class PersonalData {
    /** What an erasure leaves, in words for whoever asked for it. */
    public static final List<String> KEPT = List.of(
            "the party's id, role, public key and times of registration: signatures and payments are checked against"
                    + " them",
            "contracts, negotiated terms, jobs, receipts, usage, statements, invoices and payments, which name the"
                    + " party by its id: accounts are kept for as long as the law asks",
            "payout destinations, in tables outside the log, unless their erasure was asked for too: what is owed is"
                    + " paid there",
            "the bytes of works under contracts that others hold; without their manifests, paths and names",
            "commitments in the log: salted hashes, whose salts are gone with the words");

    private final Database database;
    private final Sequencer sequencer;
    private final Parties parties;

    public PersonalData(Database database, Sequencer sequencer, Parties parties) {
        this.database = database;
        this.sequencer = sequencer;
        this.parties = parties;
    }

    /**
     * What an erasure has removed.
     *
     * @param words texts the log had committed to
     * @param name whether a display name was known
     * @param keys API keys, which are worthless now
     */
    public record Erased(PartyId party, long words, boolean name, int keys) {}

    /**
     * Forgets a party: its words, its display name and its API keys. Again, when there is nothing left, is a repeat.
     *
     * @param destinations whether the payout destinations go as well; then nothing can be paid until another is named
     * @param by the party itself, or an operator
     * @return refused {@code party/unknown}, also where the caller may not; {@code party/first-operator}, which the platform needs
     */
    public Outcome<Erased> erase(Principal by, PartyId id, boolean destinations) {
        if (id.equals(Parties.OPERATOR)) {
            return Outcome.refused(Problem.conflict(
                    "party/first-operator",
                    "Needed",
                    "the platform's own operator is no person, and is asked for by every start of the platform"));
        }
        Outcome<Erased> outcome = sequencer.execute((tx, now) -> {
            if (!mayAsk(by, id) || PartyStore.find(tx, id).isEmpty()) {
                return Decision.answer(Outcome.refused(Parties.unknown(id)));
            }
            Erased erased = found(tx, id);
            return !destinations && erased.words() == 0 && !erased.name() && erased.keys() == 0
                    ? Decision.answer(Outcome.repeated(erased))
                    : Decision.append(
                            List.of(new Erasure.OfParty(id, destinations, by.id()).draft()),
                            position -> Outcome.accepted(erased));
        });
        parties.forgetCached();
        return outcome;
    }

    private static boolean mayAsk(Principal by, PartyId id) {
        return by.id().equals(id) || by.role() == Role.OPERATOR;
    }

    private static Erased found(Handle tx, PartyId id) {
        boolean name = PartyStore.find(tx, id).flatMap(Party::displayName).isPresent();
        return new Erased(id, Wording.count(tx, id), name, ErasureStore.countKeys(tx, id));
    }

    /**
     * Erases the words at one place of the log, such as a manifest that names somebody who never agreed to it.
     *
     * @param by whose words they are, or an operator
     * @param member of the entry's body that commits to them
     * @return whose they were; refused {@code words/unknown} where there are none, or the caller may not
     */
    public Outcome<PartyId> eraseWords(Principal by, long at, String member) {
        return sequencer.execute((tx, now) -> {
            Optional<PartyId> owner =
                    Wording.at(tx, at, member).map(KeptWords::owner).filter(found -> mayAsk(by, found));
            return owner.<Decision<Outcome<PartyId>>>map(found -> Decision.append(
                            List.of(new Erasure.OfWords(at, member, by.id()).draft()),
                            position -> Outcome.accepted(found)))
                    .orElseGet(() -> Decision.answer(Outcome.refused(Problem.notFound(
                            "words/unknown",
                            "Unknown words",
                            "no words of yours are kept for that place of the log"))));
        });
    }

    /**
     * Gives a party another display name; the one before is removed. The same again is a repeat.
     *
     * @param by the party itself, or an operator
     * @param name as {@link NewParty} has it
     * @return refused {@code party/unknown}, {@code party/display-name}
     */
    public Outcome<Party> rename(Principal by, PartyId id, String name) {
        Profile profile = Profile.salted(NewParty.checkedName(name));
        database.write(tx -> {
            PersonalStore.insertProfile(tx, profile, database.now());
            return true;
        });
        Outcome<Party> outcome = sequencer.execute(renaming(by, id, profile));
        if (!(outcome instanceof Outcome.Accepted<Party> accepted) || accepted.repeated()) {
            database.write(tx -> PersonalStore.deleteProfile(tx, profile.hash()));
        }
        parties.forgetCached();
        return outcome;
    }

    private static Command<Outcome<Party>> renaming(Principal by, PartyId id, Profile profile) {
        return (tx, now) -> {
            Optional<Party> found = PartyStore.find(tx, id).filter(party -> party.role() != Role.EDGE);
            if (!mayAsk(by, id) || found.isEmpty()) {
                return Decision.answer(Outcome.refused(Parties.unknown(id)));
            }
            Party party = found.get();
            if (party.displayName().equals(Optional.of(profile.displayName()))) {
                return Decision.answer(Outcome.repeated(party));
            }
            return Decision.append(
                    List.of(Draft.document(PartyProjection.RENAMED, PartyProjection.renamedBody(id, profile.hash()))),
                    position -> Outcome.accepted(new Party(
                            id, party.role(), party.key(), Optional.of(profile.displayName()), party.registered())));
        };
    }
}
