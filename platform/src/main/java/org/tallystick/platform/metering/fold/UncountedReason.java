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
    NOT_IN_DATASET("not-in-dataset", "the work is not in the dataset version that was granted"),
    /** The grant names the edges that may deliver, and this is none of them. */
    EDGE_NOT_GRANTED("edge-not-granted", "the grant names the edges that may deliver, and this is none of them"),
    /** The batch stands in the log behind the revocation of the key that signed it. */
    EDGE_REVOKED("edge-revoked", "the batch stands in the log behind the revocation of its edge's key"),
    /** The leaf's time is past the revocation of the token. */
    TOKEN_REVOKED("token-revoked", "the leaf's time is past the revocation of the token"),
    /** The leaf's time is past the end of the job. */
    JOB_CLOSED("job-closed", "the leaf's time is past the end of the job"),
    /** The leaf's time is past the end of the job order. */
    ORDER_ENDED("order-ended", "the leaf's time is past the end of the job order"),
    /** The grant names a job order that is not in the log. */
    ORDER_UNKNOWN("order-unknown", "the grant names a job order that is not in the log"),
    /** The leaf names bytes that the work does not have, or calls less than all of it whole. */
    WRONG_BYTES("wrong-bytes", "the bytes of the leaf are not bytes of the work"),
    /** The grant is under a job order, and the leaf shows no release key. */
    RELEASE_MISSING("release-missing", "the leaf shows no release key, which its job order wants"),
    /** The release key opens no work that was ordered. */
    RELEASE_WRONG("release-wrong", "the release key does not open the work");

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
