package org.tallystick.edge.status;

import java.util.Optional;

/**
 * Whether the edge may deliver, as its background threads last learned it from the platform: revoked, stopping, or in
 * trouble. One place, so that serving decides from memory and {@code /healthz} says the same. Safe from any thread.
 */
public final class Standing {
    private volatile boolean revoked;
    private volatile boolean stopping;
    private volatile Optional<String> trouble = Optional.empty();

    /** The platform no longer takes this edge's batches; only a restart asks again. */
    public void revoke() {
        revoked = true;
    }

    public boolean isRevoked() {
        return revoked;
    }

    public void stop() {
        stopping = true;
    }

    public boolean isStopping() {
        return stopping;
    }

    /** The platform answered. */
    public void reached() {
        trouble = Optional.empty();
    }

    /** The platform did not answer, or not as it should. */
    public void failed(String what) {
        trouble = Optional.of(what);
    }

    /** What went wrong with the platform last, if it has not answered since. */
    public Optional<String> trouble() {
        return trouble;
    }
}
