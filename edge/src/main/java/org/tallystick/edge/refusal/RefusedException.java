package org.tallystick.edge.refusal;

/**
 * Carries a refusal out of work done off the event loop (a fetch, a dataset version), where there is no request at hand
 * to answer. Has no stack trace: it says what the platform or the disk did, not where the code was.
 */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    public RefusedException(Refusal refusal) {
        super(refusal.detail(), null, false, false);
        this.refusal = refusal;
    }

    public RefusedException(RefusalReason reason, String detail) {
        this(Refusal.of(reason, detail));
    }

    public Refusal refusal() {
        return refusal;
    }
}
