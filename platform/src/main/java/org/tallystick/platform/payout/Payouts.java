package org.tallystick.platform.payout;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Page;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Projection;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.Fields;
import org.tallystick.protocol.Hash;
import org.tallystick.protocol.Json;

/**
 * Records how payees want to be paid. Safe from any thread. A destination is written beside the log before the entry that
 * refers to it, so that a crash between the two leaves at worst one that nothing refers to, which is removed later.
 *
 * <p>Every method may throw what the sequencer and the database throw when they cannot answer now; repeating is safe.
 */
public final class Payouts {
    /** Most items on a page. */
    public static final int MAX_PAGE = 200;

    private static final Duration ORPHAN_AGE = Duration.ofHours(1);

    private final Database database;
    private final Sequencer sequencer;
    private final InstantSource clock;

    public Payouts(Database database, Sequencer sequencer, InstantSource clock) {
        this.database = database;
        this.sequencer = sequencer;
        this.clock = clock;
    }

    /** What this room makes of the log; the sequencer and a rebuild call it. */
    public static Projection projection() {
        return new PayoutProjection();
    }

    /**
     * Records an instruction of a payee for itself; it holds from now on for its currency. The one that holds already is
     * a repeat.
     *
     * @return refused {@code payout/not-a-payee}
     */
    public Outcome<Payout> schedule(Principal by, PayoutInstruction instruction) {
        if (by.role() != Role.CREATOR && by.role() != Role.CURATOR) {
            return Outcome.refused(Problem.forbidden(
                    "payout/not-a-payee", "Not a payee", by.id() + " is neither a creator nor a curator"));
        }
        Destination destination = Destination.salted(instruction.destination());
        database.write(tx -> {
            PayoutStore.deleteOrphans(tx, clock.instant().minus(ORPHAN_AGE));
            PayoutStore.insertDestination(tx, destination, clock.instant());
            return true;
        });
        Outcome<Payout> outcome = record(by.id(), instruction, destination.hash());
        if (outcome instanceof Outcome.Accepted<Payout> accepted && accepted.repeated()) {
            database.write(tx -> PayoutStore.deleteDestination(tx, destination.hash()));
        }
        return outcome;
    }

    private Outcome<Payout> record(PartyId party, PayoutInstruction instruction, Hash destination) {
        return sequencer.execute((tx, now) -> {
            Optional<Payout> holding = PayoutStore.latest(tx, party, instruction.currency())
                    .filter(latest -> isSame(tx, latest, instruction));
            if (holding.isPresent()) {
                return Decision.answer(Outcome.repeated(holding.get()));
            }
            Json.Obj body = PayoutProjection.body(party, instruction, destination);
            return Decision.append(
                    List.of(Draft.document(PayoutProjection.SCHEDULED, body)),
                    position -> Outcome.accepted(
                            PayoutProjection.payout(position, now, Fields.of(body, PayoutProjection.SCHEDULED))));
        });
    }

    private static boolean isSame(Handle tx, Payout latest, PayoutInstruction instruction) {
        return latest.rail().equals(instruction.rail())
                && latest.schedule() == instruction.schedule()
                && latest.minimum().equals(instruction.minimum())
                && PayoutStore.destination(tx, latest.destination()).equals(Optional.of(instruction.destination()));
    }

    /** The instruction that holds for a party and currency. */
    public Optional<Payout> holding(Handle tx, PartyId party, Currency currency) {
        return PayoutStore.latest(tx, party, currency);
    }

    /** Where the money of an instruction is to go, for the one who sends it; empty once erased. */
    public Optional<String> destination(Handle tx, Payout payout) {
        return PayoutStore.destination(tx, payout.destination());
    }

    /**
     * Instructions, newest first.
     *
     * @param after the {@code next} of the page before
     * @param limit 1 to {@value #MAX_PAGE}; values beyond are brought within
     * @throws org.tallystick.platform.kernel.RefusedException {@code payout/malformed-cursor}
     */
    public Page<Payout> list(Optional<PartyId> party, Optional<String> after, int limit) {
        int size = Math.clamp(limit, 1, MAX_PAGE);
        long before = after.map(Payouts::position).orElse(Long.MAX_VALUE);
        List<Payout> found = database.read(tx -> PayoutStore.list(tx, party, before, size + 1));
        if (found.size() <= size) {
            return Page.last(found);
        }
        List<Payout> page = found.subList(0, size);
        return new Page<>(page, Optional.of(Long.toString(page.getLast().position())));
    }

    private static long position(String cursor) {
        if (!cursor.matches("[0-9]{1,18}")) {
            throw Problem.invalid("payout/malformed-cursor", "Malformed cursor", "a cursor is what a page gave as next")
                    .asException();
        }
        return Long.parseLong(cursor);
    }

    /** Forgets where a party's money was to go; that there were instructions stays. @return how many were forgotten */
    public int erase(PartyId party) {
        return database.write(tx -> PayoutStore.deleteDestinations(tx, party));
    }
}
