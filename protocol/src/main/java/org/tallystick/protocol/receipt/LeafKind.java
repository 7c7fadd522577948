package org.tallystick.protocol.receipt;

import org.tallystick.protocol.codec.MalformedException;

/** What a leaf records. Its {@link #code} stands in leaves and never changes. */
public enum LeafKind {
    /** The whole work was delivered (HTTP 200). */
    FULL(1),
    /** A range of the work was delivered (HTTP 206). */
    PARTIAL(2),
    /** The consumer's own copy was confirmed (HTTP 304): the work is used again without travelling. */
    NOT_MODIFIED(3),
    /** Only the headers were asked for (HTTP HEAD): never a use. */
    HEAD(4),
    /** An earlier delivery, named by its sequence number, broke off: it is no use. */
    VOID(5);

    private final int code;

    LeafKind(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** Whether such a leaf is a use of its work, as far as its kind goes. */
    public boolean meters() {
        return this == FULL || this == PARTIAL || this == NOT_MODIFIED;
    }

    /**
     * @throws MalformedException {@code leaf/unknown-kind}
     */
    static LeafKind ofCode(int code) {
        for (LeafKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new MalformedException("leaf/unknown-kind", "leaf kind " + code + " is not known");
    }
}
