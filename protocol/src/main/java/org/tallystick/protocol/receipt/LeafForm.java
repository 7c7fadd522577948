package org.tallystick.protocol.receipt;

import org.tallystick.protocol.codec.MalformedException;

/**
 * The byte forms a leaf has had. Every leaf of a batch has the form that the batch's header names. {@link #TWO} is written
 * today; {@link #ONE} is read for ever, because receipts do not expire. Offsets are in bytes from the start of the leaf;
 * edge, epoch and sequence number lie at the same place in both.
 */
public enum LeafForm {
    /** 116 bytes; time, bytes and the number referred to take 8 bytes each; a delivery begins at byte 0 as far as it says. */
    ONE(1, 116, 28, 52, 84, 100),
    /** 118 bytes; says where a delivery begins, and may show the work's release key in place of a salt. */
    TWO(2, 118, 26, 50, 88, 102);

    /** The form that is written today. */
    public static final LeafForm CURRENT = TWO;

    private final int version;
    private final int length;
    private final int token;
    private final int content;
    private final int bytes;
    private final int salt;

    LeafForm(int version, int length, int token, int content, int bytes, int salt) {
        this.version = version;
        this.length = length;
        this.token = token;
        this.content = content;
        this.bytes = bytes;
        this.salt = salt;
    }

    /** The first byte of a leaf, and of the header of its batch. */
    public int version() {
        return version;
    }

    /** Bytes of a leaf. */
    public int length() {
        return length;
    }

    int tokenAt() {
        return token;
    }

    int contentAt() {
        return content;
    }

    int bytesAt() {
        return bytes;
    }

    int saltAt() {
        return salt;
    }

    /**
     * @param refusal the reason of a refusal, for example {@code leaf/version}
     * @throws MalformedException with that reason
     */
    static LeafForm ofVersion(int version, String refusal) {
        return switch (version) {
            case 1 -> ONE;
            case 2 -> TWO;
            default -> throw new MalformedException(refusal, "version " + version + " is not known");
        };
    }
}
