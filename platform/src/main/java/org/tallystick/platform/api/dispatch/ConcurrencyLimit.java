package org.tallystick.platform.api.dispatch;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.tallystick.platform.kernel.Problem;

/**
 * Lets so many in at once and the others wait their turn, in order, for a while: hundreds who ask at the same moment queue
 * here, where waiting costs nothing, and not for the database's few connections, where they would keep everybody out.
 *
 * <p>Safe from any thread.
 */
final class ConcurrencyLimit {
    private final Semaphore places;
    private final Duration patience;

    /**
     * @param patience how long one waits at most
     */
    ConcurrencyLimit(int places, Duration patience) {
        this.places = new Semaphore(places, true);
        this.patience = patience;
    }

    /**
     * Runs an action when it is its turn.
     *
     * @throws org.tallystick.platform.kernel.RefusedException {@code service/busy} where that does not come in time;
     *     nothing has happened then
     */
    Answer pass(Callable<Answer> action) throws Exception {
        if (!places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw Problem.unavailable("service/busy", "Busy", "too many ask for this at the same moment; ask again")
                    .asException();
        }
        try {
            return action.call();
        } finally {
            places.release();
        }
    }
}
