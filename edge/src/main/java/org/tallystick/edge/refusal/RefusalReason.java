package org.tallystick.edge.refusal;

/**
 * Every way a request is refused: the problem's type (RFC 9457), its status and its title. One closed list, so that
 * each has a metric and a test. A title never depends on the request.
 */
public enum RefusalReason {
    REQUEST_MALFORMED("request/malformed", 400, "The request is not well-formed HTTP"),
    REQUEST_TARGET_TOO_LONG("request/target-too-long", 414, "The request target is too long"),
    REQUEST_TOO_LARGE("request/too-large", 431, "The request's header fields are too large"),
    REQUEST_BODY("request/body-not-allowed", 400, "A request to an edge has no body"),
    METHOD_NOT_ALLOWED("method/not-allowed", 405, "Only GET and HEAD are allowed"),
    PATH_UNKNOWN("path/unknown", 404, "There is nothing at this path"),
    CONTENT_ID_MALFORMED("content-id/malformed", 400, "The path does not name a content id"),
    CERTIFICATE_UNKNOWN("certificate/unknown", 404, "This edge has no such certificate"),
    TOKEN_MISSING("token/missing", 401, "A scoped token is needed"),
    TOKEN_MALFORMED("token/malformed", 401, "The token is malformed"),
    TOKEN_TOO_LONG("token/too-long", 401, "The token is too long"),
    TOKEN_WRONG_KEY("token/wrong-key", 401, "The token is not signed by this platform"),
    TOKEN_SIGNATURE("token/signature", 401, "The token's signature does not fit"),
    TOKEN_EXPIRED("token/expired", 401, "The token has expired"),
    TOKEN_NOT_YET_VALID("token/not-yet-valid", 401, "The token is not valid yet"),
    TOKEN_REVOKED("token/revoked", 401, "The token has been revoked"),
    TOKEN_WRONG_SCOPE("token/wrong-scope", 403, "The token's scope does not allow this"),
    TOKEN_QUOTA("token/quota", 403, "The token's quota is used up"),
    TOKEN_WRONG_REGION("token/wrong-region", 403, "The token does not allow deliveries where this edge delivers"),
    TOKEN_WRONG_EDGE("token/wrong-edge", 403, "The token does not allow this edge"),
    TOKEN_BYTES("token/bytes", 403, "The token's works have been delivered too often"),
    PREVIEW_OUTSIDE("preview/outside", 403, "A preview serves only what is free"),
    RELEASE_MISSING("release/missing", 403, "The work's release key is needed"),
    RELEASE_WRONG("release/wrong", 403, "The release key is not the one of this work"),
    RELEASE_NOT_ORDERED("release/not-ordered", 403, "The work is not in the token's order"),
    ORDER_UNKNOWN("order/unknown", 404, "The platform does not know the token's order"),
    ORDER_WRONG_TABLE("order/wrong-table", 502, "The order's table does not hash to its root"),
    JOB_CLOSED("job/closed", 403, "The token's job is closed"),
    CONTRACT_REVOKED("contract/revoked", 403, "The contract has been revoked"),
    WORK_NOT_GRANTED("work/not-granted", 403, "The work is not in the granted dataset version"),
    WORK_UNKNOWN("work/unknown", 404, "The platform does not hold the work"),
    DATASET_UNKNOWN("dataset/unknown", 404, "The platform does not know the granted dataset version"),
    DATASET_WRONG_ROOT("dataset/wrong-root", 502, "The dataset version's members do not hash to its root"),
    RANGE_UNSATISFIABLE("range/unsatisfiable", 416, "The range lies outside the work"),
    PRECONDITION_FAILED("precondition/failed", 412, "The work is not the one the request expects"),
    PLATFORM_UNAVAILABLE("platform/unavailable", 503, "The work is not here and the platform cannot be reached"),
    PLATFORM_WRONG_CONTENT("platform/wrong-content", 502, "What the platform sent is not the work"),
    CACHE_TOO_SMALL("cache/too-small", 507, "The work is larger than this edge's cache"),
    CACHE_UNAVAILABLE("cache/unavailable", 503, "The edge's cache cannot be used"),
    SPOOL_FULL("spool/full", 503, "The edge holds as many unshipped receipts as it may"),
    SPOOL_UNAVAILABLE("spool/unavailable", 503, "The edge cannot record deliveries"),
    EDGE_STARTING("edge/starting", 503, "The edge has no certificate yet"),
    EDGE_CERTIFICATE("edge/certificate-not-valid", 503, "The edge's certificate is not valid now"),
    EDGE_REVOKED("edge/revoked", 503, "The platform has revoked this edge"),
    EDGE_OVERLOADED("edge/overloaded", 503, "The edge has more to do than it can"),
    EDGE_STOPPING("edge/stopping", 503, "The edge is stopping");

    private final String type;
    private final int status;
    private final String title;

    RefusalReason(String type, int status, String title) {
        this.type = type;
        this.status = status;
        this.title = title;
    }

    /** The slug after {@code https://tallystick.org/problems/}. */
    public String type() {
        return type;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    String title() {
        return title;
    }
}
