package org.tallystick.platform.metering.fold;

/** Why a delivery does not count as a use although its edge meant it to. */
public enum UncountedReason {
    /** No grant with that token id was in the log before the batch. */
    UNKNOWN_TOKEN("unknown-token", "no grant with that token id was in the log before the batch"),
    /** The leaf's scope is not the grant's. */
    WRONG_SCOPE("wrong-scope", "the leaf's scope is not the grant's"),
    /** The leaf's time is outside the grant's validity. */
    OUTSIDE_VALIDITY("outside-validity", "the leaf's time is outside the grant's validity"),
    /** The work is not in the dataset version granted. */
    NOT_IN_DATASET("not-in-dataset", "the work is not in the dataset version that was granted");

    private final String slug;
    private final String words;

    UncountedReason(String slug, String words) {
        this.slug = slug;
        this.words = words;
    }

    /** Stable name. */
    public String slug() {
        return slug;
    }

    /** The reason in words. */
    public String words() {
        return words;
    }

    public static UncountedReason ofSlug(String slug) {
        for (UncountedReason reason : values()) {
            if (reason.slug.equals(slug)) {
                return reason;
            }
        }
        throw new IllegalStateException("unknown reason " + slug);
    }
}
