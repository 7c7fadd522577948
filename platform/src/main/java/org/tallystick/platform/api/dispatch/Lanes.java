package org.tallystick.platform.api.dispatch;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where requests wait for their turn, after their bodies have been read: so many of one caller for one operation, so
 * many of one operation, and so many of all that read much. However many ask for the same thing, connections to the database are left for
 * everybody else. Who sends slowly, or takes an answer slowly, holds no place. Safe from any thread.
 */
final class Lanes {
    private final Limits limits;
    private final ConcurrencyLimit heavy;
    private final ConcurrencyLimit contracting;
    private final ConcurrencyLimit large;
    private final Map<String, ConcurrencyLimit> byOperation = new ConcurrentHashMap<>();
    private final Map<String, Own> byCaller = new HashMap<>();

    /** A caller's own places for one operation, kept for as long as a request of the caller is here. */
    private static final class Own {
        final ConcurrencyLimit places;
        int users;

        Own(ConcurrencyLimit places) {
            this.places = places;
        }
    }

    Lanes(Limits limits) {
        this.limits = limits;
        this.heavy = lane(Limit.HEAVY_PLACES);
        this.contracting = lane(Limit.HEAVY_PLACES);
        this.large = lane(Limit.LARGE_BODIES);
    }

    private ConcurrencyLimit lane(Limit limit) {
        return new ConcurrencyLimit(limits.places(limit), limits.seconds(Limit.WAIT));
    }

    /**
     * Runs a request when it is its turn.
     *
     * @param isLarge whether it has a body that takes much memory while it is read
     * @throws org.tallystick.platform.kernel.RefusedException {@code service/busy} where that does not come in time;
     *     nothing has happened then
     */
    Answer pass(Endpoint endpoint, String caller, boolean isLarge, Callable<Answer> action) throws Exception {
        String operation = endpoint.operation();
        if (Policy.FLOWING.contains(operation)) {
            return action.call();
        }
        String name = caller + " " + operation;
        Own own = own(name);
        try {
            return own.places.pass(() -> byOperation
                    .computeIfAbsent(operation, one -> lane(Limit.OPERATION_PLACES))
                    .pass(() -> isLarge ? large.pass(() -> shared(operation, action)) : shared(operation, action)));
        } finally {
            leave(name, own);
        }
    }

    private Answer shared(String operation, Callable<Answer> action) throws Exception {
        if (Policy.HEAVY.contains(operation)) {
            return heavy.pass(action);
        }
        return Policy.CONTRACTING.contains(operation) ? contracting.pass(action) : action.call();
    }

    private Own own(String name) {
        synchronized (byCaller) {
            Own own = byCaller.computeIfAbsent(name, one -> new Own(lane(Limit.PLACES)));
            own.users++;
            return own;
        }
    }

    private void leave(String name, Own own) {
        synchronized (byCaller) {
            own.users--;
            if (own.users == 0) {
                byCaller.remove(name);
            }
        }
    }
}
