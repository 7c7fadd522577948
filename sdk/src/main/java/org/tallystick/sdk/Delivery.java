package org.tallystick.sdk;

import java.util.Objects;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Receipt;

/**
 * What an edge delivered, after everything about it has been verified. Immutable but for the body, which is not copied.
 */
public final class Delivery {
    private final byte[] body;
    private final long bytes;
    private final Receipt receipt;
    private final LicenceNotice licence;

    Delivery(byte[] body, long bytes, Receipt receipt, LicenceNotice licence) {
        this.body = body;
        this.bytes = bytes;
        this.receipt = Objects.requireNonNull(receipt);
        this.licence = Objects.requireNonNull(licence);
    }

    /**
     * The bytes of the work or of the range; empty where none were sent (304, HEAD) or where they were written to a
     * file.
     */
    public byte[] body() {
        return body;
    }

    /** Number of bytes delivered. */
    public long bytes() {
        return bytes;
    }

    /**
     * The kind of delivery: the whole work, a range, a confirmation that the caller's copy is current, or the headers.
     */
    public LeafKind kind() {
        return receipt.leaf().kind();
    }

    /** Whether the edge answered from its cache; it makes no difference to the bill. */
    public boolean isCached() {
        return receipt.leaf().cached();
    }

    /** The receipt, verified; {@link Receipt#text()} is what to keep. */
    public Receipt receipt() {
        return receipt;
    }

    /** Whose work it is and under what it may be used. */
    public LicenceNotice licence() {
        return licence;
    }

    @Override
    public String toString() {
        return "Delivery[" + kind() + " " + licence.content() + " "
                + receipt.leaf().receiptId() + "]";
    }
}
