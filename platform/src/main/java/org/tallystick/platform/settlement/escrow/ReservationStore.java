package org.tallystick.platform.settlement.escrow;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.db.Numerics;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.protocol.receipt.Scope;

/** SQL of the tables of reservations and of operators' credit. */
public final class ReservationStore {
    private ReservationStore() {}

    /**
     * What is reserved under a contract.
     *
     * @param open works reserved for and not billed yet, over all jobs and scopes
     * @param jobs how many jobs and scopes hold a reservation
     */
    record Held(BigInteger open, int jobs) {}

    static Held held(Handle tx, ContractId contract) {
        return tx.select(
                        "select coalesce(sum(greatest(works - billed, 0)), 0) as open, count(*) as jobs"
                                + " from settlement.reservation where contract = ?",
                        contract.value())
                .map((row, context) -> new Held(Numerics.whole(row, "open"), row.getInt("jobs")))
                .one();
    }

    /** What one job and scope hold: works reserved for and works billed, zeros where they hold nothing. */
    record Own(long works, long billed) {}

    static Own own(Handle tx, JobId job, Scope scope) {
        return tx.select(
                        "select works, billed from settlement.reservation where job = ? and scope = ?",
                        job.value(),
                        scope.code())
                .map((row, context) -> new Own(row.getLong("works"), row.getLong("billed")))
                .findOne()
                .orElse(new Own(0, 0));
    }

    /** Whether a contract's flat price has been billed. */
    static boolean isFlatBilled(Handle tx, ContractId contract) {
        return tx.select("select flat from settlement.owed where contract = ?", contract.value())
                .mapTo(boolean.class)
                .findOne()
                .orElse(false);
    }

    public static void save(Handle tx, ReservationEntry entry) {
        tx.createUpdate("insert into settlement.reservation (job, scope, contract, works)"
                        + " values (:job, :scope, :contract, :works)"
                        + " on conflict (job, scope) do update set works = excluded.works")
                .bind("job", entry.job().value())
                .bind("scope", entry.scope().code())
                .bind("contract", entry.contract().value())
                .bind("works", entry.works())
                .execute();
    }

    /** Counts works of a job and scope that a close has billed, or taken back: below zero then. */
    public static void bill(Handle tx, JobId job, Scope scope, long works) {
        tx.createUpdate("update settlement.reservation set billed = billed + :works"
                        + " where job = :job and scope = :scope")
                .bind("works", works)
                .bind("job", job.value())
                .bind("scope", scope.code())
                .execute();
    }

    /** Notes that a job is closed: a close that reaches past it gives back what is left. */
    public static void close(Handle tx, JobId job, long position, Instant at) {
        tx.createUpdate("update settlement.reservation set closed = :position, closed_at = :at where job = :job")
                .bind("position", position)
                .bind("at", at.atOffset(ZoneOffset.UTC))
                .bind("job", job.value())
                .execute();
    }

    /**
     * Gives back what jobs hold whose end lies within a close.
     *
     * @param position size of the log the close is a function of
     * @param to end of its period
     */
    public static void release(Handle tx, long position, Instant to) {
        tx.createUpdate("delete from settlement.reservation where closed < :position and closed_at < :to")
                .bind("position", position)
                .bind("to", to.atOffset(ZoneOffset.UTC))
                .execute();
    }

    public static void saveCredit(Handle tx, long position, CreditEntry entry) {
        tx.createUpdate("insert into settlement.credit (contract, most, position) values (:contract, :most, :position)"
                        + " on conflict (contract) do update set most = excluded.most, position = excluded.position")
                .bind("contract", entry.contract().value())
                .bind("most", new BigDecimal(entry.limit().micros()))
                .bind("position", position)
                .execute();
    }

    /** Micros an operator guarantees for a contract; 0 where none does. */
    public static BigInteger credit(Handle tx, ContractId contract) {
        return tx.select("select most from settlement.credit where contract = ?", contract.value())
                .map((row, context) -> Numerics.whole(row, "most"))
                .findOne()
                .orElse(BigInteger.ZERO);
    }

    /** The same for every contract for which an operator has ever guaranteed. */
    public static Map<ContractId, BigInteger> credits(Handle tx) {
        Map<ContractId, BigInteger> found = new HashMap<>();
        tx.select("select contract, most from settlement.credit")
                .map((row, context) ->
                        Map.entry(new ContractId(row.getString("contract")), Numerics.whole(row, "most")))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    public static void empty(Handle tx) {
        tx.execute("truncate settlement.reservation, settlement.credit");
    }
}
