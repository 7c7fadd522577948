package org.tallystick.platform.payout;

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
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Hash;

/**
 * Records how payees want to be paid. Safe from any thread. The destination is written beside the log, before the entry
 * that refers to it, so that a crash between the two leaves at worst a destination nothing refers to.
 *
 * <p>Every method may throw what the sequencer and the database throw when they cannot answer now; repeating is safe.
 */
public final class Payouts {
    /** Most items on a page. */
    public static final int MAX_PAGE = 200;

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
     * Records an instruction for the caller; it takes the place of its earlier one in that currency.
     *
     * @return the instruction, also where it was in force already; refused {@code payout/not-a-payee}
     */
    public Outcome<Payout> schedule(Principal by, PayoutInstruction instruction) {
        if (by.role() != Role.CREATOR && by.role() != Role.CURATOR) {
            return Outcome.refused(
                    Problem.forbidden("payout/not-a-payee", "Not a payee", by.id() + " is never paid by the platform"));
        }
        Destination destination = Destination.salted(instruction.destination());
        database.write(tx -> {
            PayoutStore.insertDestination(tx, destination, clock.instant());
            return true;
        });
        Outcome<Payout> outcome = sequencer.execute(command(by.id(), instruction, destination.hash()));
        if (!(outcome instanceof Outcome.Accepted<Payout> accepted) || accepted.repeated()) {
            database.write(tx -> PayoutStore.deleteDestination(tx, destination.hash()));
        }
        return outcome;
    }

    private static Command<Outcome<Payout>> command(PartyId party, PayoutInstruction instruction, Hash destination) {
        return (tx, now) -> {
            Optional<Payout> inForce = PayoutStore.newest(tx, party, instruction.currency())
                    .filter(found -> isSame(tx, found, instruction));
            if (inForce.isPresent()) {
                return Decision.answer(Outcome.repeated(inForce.get()));
            }
            // The destination's salt makes the hash, and so the id, one of its kind.
            String id = "po-" + destination.hex().substring(0, 40);
            return Decision.append(
                    List.of(Draft.document(
                            PayoutProjection.SCHEDULED, PayoutProjection.body(id, party, instruction, destination))),
                    position -> Outcome.accepted(new Payout(
                            id,
                            party,
                            instruction.rail(),
                            instruction.currency(),
                            instruction.schedule(),
                            instruction.minimum(),
                            destination,
                            now,
                            position)));
        };
    }

    private static boolean isSame(Handle tx, Payout found, PayoutInstruction instruction) {
        return found.says(instruction)
                && PayoutStore.destination(tx, found.destinationHash())
                        .filter(kept -> kept.text().equals(instruction.destination()))
                        .isPresent();
    }

    /**
     * Instructions, newest first; the first of a party and currency is the one in force.
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
        return new Page<>(page, Optional.of("p" + page.getLast().position()));
    }

    private static long position(String cursor) {
        if (!cursor.matches("p[0-9]{1,18}")) {
            throw Problem.invalid(
                            "payout/malformed-cursor", "Unknown cursor", "a cursor is what a page before gave as next")
                    .asException();
        }
        return Long.parseLong(cursor.substring(1));
    }

    /** Where a payout instruction sends money; empty once that is erased. */
    public Optional<String> destination(Payout payout) {
        return database.read(tx -> PayoutStore.destination(tx, payout.destinationHash()))
                .map(Destination::text);
    }
}
