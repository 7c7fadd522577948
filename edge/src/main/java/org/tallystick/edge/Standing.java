package org.tallystick.edge;

import java.util.Optional;

/**
 * How the edge stands with the platform, as its background threads last learned it. One place, so that serving decides
 * from memory and health says the same. Safe from any thread.
 */
final class Standing {
    private volatile boolean revoked;
    private volatile boolean stopping;
    private volatile Optional<String> trouble = Optional.empty();

    /** The platform no longer takes this edge's batches; only a restart asks again. */
    void revoke() {
        revoked = true;
    }

    boolean isRevoked() {
        return revoked;
    }

    void stop() {
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }

    /** The platform answered. */
    void reached() {
        trouble = Optional.empty();
    }

    /** The platform did not answer, or not as it should. */
    void failed(String what) {
        trouble = Optional.of(what);
    }

    /** What went wrong with the platform last, if it has not answered since. */
    Optional<String> trouble() {
        return trouble;
    }
}
