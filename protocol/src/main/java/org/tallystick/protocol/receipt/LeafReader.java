package org.tallystick.protocol.receipt;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.NoSuchElementException;
import org.tallystick.protocol.codec.MalformedException;

/**
 * Reads the leaves of a batch one after another, field by field, without an object for each leaf, because a platform
 * folds a million receipts a second. Not thread-safe.
 */
public final class LeafReader {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final LeafForm form;
    private final int length;
    private final int tokenAt;
    private final int contentAt;
    private final byte[] data;
    private final int start;
    private final int count;
    private int index = -1;
    private int at;

    LeafReader(LeafForm form, byte[] data, int start, int count) {
        this.form = form;
        this.length = form.length();
        this.tokenAt = form.tokenAt();
        this.contentAt = form.contentAt();
        this.data = data;
        this.start = start;
        this.count = count;
    }

    /** Moves to the next leaf, if there is one. */
    public boolean hasNext() {
        return index + 1 < count;
    }

    /** Moves to the next leaf. */
    public void next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no leaf " + (index + 1));
        }
        index++;
        at = start + index * length;
    }

    /** Index of the current leaf in its batch, from 0. */
    public int index() {
        return index;
    }

    /** The byte form of all leaves. */
    public LeafForm form() {
        return form;
    }

    /** The code of the leaf's {@link LeafKind}. */
    public int kindCode() {
        return data[at + 1];
    }

    /** The code of the leaf's {@link Scope}. */
    public int scopeCode() {
        return data[at + 2];
    }

    /** The flags byte; bit 0 says that the edge answered from its own cache. */
    int flags() {
        return data[at + 3];
    }

    TokenId token() {
        return new TokenId(Arrays.copyOfRange(data, at + tokenAt, at + contentAt));
    }

    /** Copies the 16 bytes of salt or release key. */
    public void copySalt(byte[] target, int offset) {
        System.arraycopy(data, at + form.saltAt(), target, offset, Leaf.SALT_LENGTH);
    }

    /** Part {@code 0..1} of the salt or release key, as big-endian longs. */
    public long saltPart(int part) {
        return (long) LONG.get(data, at + form.saltAt() + 8 * part);
    }

    /** Whether the salt is the work's release key. */
    public boolean isReleased() {
        return (flags() & Leaf.FLAG_RELEASED) != 0;
    }

    public int edge() {
        return (int) INT.get(data, at + Leaf.AT_EDGE);
    }

    public int epoch() {
        return (int) INT.get(data, at + Leaf.AT_EPOCH);
    }

    public long sequence() {
        return (long) LONG.get(data, at + Leaf.AT_SEQUENCE);
    }

    /** When the delivery was made, in milliseconds since 1970 by the edge's clock. */
    public long time() {
        return form == LeafForm.ONE ? (long) LONG.get(data, at + Leaf.AT_TIME) : u48(at + Leaf.AT_TIME);
    }

    /** First byte of the work that was promised. */
    public long from() {
        return form == LeafForm.ONE ? 0 : u48(at + Leaf.AT_FROM);
    }

    /** Content bytes promised, or for a cut handed over. */
    public long bytes() {
        return form == LeafForm.ONE ? (long) LONG.get(data, at + form.bytesAt()) : u48(at + form.bytesAt());
    }

    /** The earlier sequence number that a void or a cut speaks of, or 0. */
    public long refers() {
        if (form == LeafForm.ONE) {
            return (long) LONG.get(data, at + form.bytesAt() + 8);
        }
        long back = Integer.toUnsignedLong((int) INT.get(data, at + Leaf.AT_REFERS));
        return back == 0 ? 0 : sequence() - back;
    }

    /** Six bytes, read as the lower part of the eight that end with them. */
    private long u48(int position) {
        return (long) LONG.get(data, position - 2) & 0xffff_ffff_ffffL;
    }

    /** Part {@code 0..2} of the token id, as big-endian longs. */
    public long tokenPart(int part) {
        return (long) LONG.get(data, at + tokenAt + 8 * part);
    }

    /** Part {@code 0..3} of the content id, as big-endian longs. */
    public long contentPart(int part) {
        return (long) LONG.get(data, at + contentAt + 8 * part);
    }

    /** Whether the delivery counts as a use, as far as its kind and scope say; the token may still forbid it. */
    public boolean meters() {
        int kind = kindCode();
        return (kind == LeafKind.FULL.code() || kind == LeafKind.PARTIAL.code() || kind == LeafKind.NOT_MODIFIED.code())
                && scopeCode() != Scope.PREVIEW.code();
    }

    /** The current leaf as an object. */
    public Leaf leaf() {
        return Leaf.decode(data, at);
    }

    /**
     * Checks the form of the current leaf as {@link Leaf#decode(byte[])} does, without making an object unless
     * something is wrong.
     *
     * @throws MalformedException {@code leaf/…}
     */
    void checkForm() {
        int kind = kindCode();
        int scope = scopeCode();
        boolean well = data[at] == form.version()
                && scope >= 1
                && scope <= 4
                && edge() >= 1
                && epoch() >= 1
                && sequence() >= 1
                && time() >= 0
                && bytes() >= 0
                && (form == LeafForm.ONE ? isOld(kind) : isCurrent(kind));
        if (!well) {
            if (data[at] != form.version()) {
                throw new MalformedException("leaf/version", "the leaf's version is not its batch's");
            }
            Leaf.decode(data, at);
            throw new IllegalStateException("LeafReader refuses a leaf that Leaf accepts");
        }
    }

    private boolean isOld(int kind) {
        long refers = refers();
        return kind >= 1
                && kind <= 5
                && (flags() & ~Leaf.FLAG_CACHED) == 0
                && refers >= 0
                && (kind == LeafKind.VOID.code()) == (refers > 0)
                && refers < sequence();
    }

    private boolean isCurrent(int kind) {
        if ((int) INT.get(data, at + Leaf.AT_REFERS + 4) != 0
                || (flags() & ~(Leaf.FLAG_CACHED | Leaf.FLAG_RELEASED)) != 0) {
            return false;
        }
        long refers = refers();
        boolean bytes = switch (kind) {
            case 1 -> true;
            case 2, 6 -> bytes() > 0;
            case 3, 4, 5 -> bytes() == 0;
            default -> false;
        };
        boolean names = kind == LeafKind.VOID.code() || kind == LeafKind.CUT.code();
        boolean refersWell = names ? refers > 0 && refers < sequence() : refers == 0;
        boolean delivery = kind <= LeafKind.NOT_MODIFIED.code();
        return bytes && refersWell && (kind == 2 || from() == 0) && (delivery || !isReleased());
    }
}
