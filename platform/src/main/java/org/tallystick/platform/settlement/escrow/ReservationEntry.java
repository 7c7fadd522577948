package org.tallystick.platform.settlement.escrow;

import java.util.Objects;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.log.Draft;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.Scope;

/**
 * The log entry by which works of a job are reserved for; a later one for the same job and scope takes its place.
 *
 * @param works distinct works of the contract's dataset version, at least 1
 */
public record ReservationEntry(ContractId contract, JobId job, Scope scope, long works) {
    public static final String TYPE = "escrow-reserved";

    private static final long MOST = Long.MAX_VALUE >> 11;

    public ReservationEntry {
        Objects.requireNonNull(contract);
        Objects.requireNonNull(job);
        Objects.requireNonNull(scope);
        if (works < 1 || works > MOST) {
            throw new IllegalArgumentException("a reservation is for 1 to " + MOST + " works, not " + works);
        }
    }

    Draft draft() {
        return Draft.document(
                TYPE,
                Json.object()
                        .put("contract", contract.value())
                        .put("job", job.value())
                        .put("scope", scope.word())
                        .put("works", works)
                        .build());
    }

    public static ReservationEntry of(Fields body) {
        return new ReservationEntry(
                new ContractId(body.text("contract")),
                new JobId(body.text("job")),
                Scope.ofWord(body.text("scope")),
                body.integer("works", 1, MOST));
    }
}
