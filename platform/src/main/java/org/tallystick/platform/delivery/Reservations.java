package org.tallystick.platform.delivery;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.log.Draft;
import org.tallystick.protocol.receipt.Scope;

/**
 * Sees to it that what a job may use is covered by money before the first delivery. This room knows works and no money, so
 * the room that knows money implements it.
 */
public interface Reservations {
    /**
     * Reserves for further works of a job, in the command that lets them be used.
     *
     * @param works how many more distinct works may be used under the scope; what is more than the dataset version has
     *     counts as all of it
     * @return the entries to append after the command's own, none where nothing more is to be reserved; refused {@code
     *     escrow/insufficient}, which says how much is missing
     */
    Outcome<List<Draft>> reserve(Handle tx, Contract contract, JobId job, Scope scope, long works);
}
