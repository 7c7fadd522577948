package org.tallystick.protocol.receipt;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.NoSuchElementException;

/**
 * Reads the leaves of a batch one after another, field by field, without an object for each leaf, because a platform
 * folds a million receipts a second. Not thread-safe.
 */
public final class LeafReader {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] data;
    private final int start;
    private final int count;
    private int index = -1;
    private int at;

    LeafReader(byte[] data, int start, int count) {
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
        at = start + index * Leaf.LENGTH;
    }

    /** Index of the current leaf in its batch, from 0. */
    public int index() {
        return index;
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
        return new TokenId(Arrays.copyOfRange(data, at + Leaf.AT_TOKEN, at + Leaf.AT_CONTENT));
    }

    void copySalt(byte[] target, int offset) {
        System.arraycopy(data, at + Leaf.AT_SALT, target, offset, Leaf.SALT_LENGTH);
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
        return (long) LONG.get(data, at + Leaf.AT_TIME);
    }

    long bytes() {
        return (long) LONG.get(data, at + Leaf.AT_BYTES);
    }

    /** The sequence number of the delivery that this leaf voids; 0 where it voids none. */
    public long voids() {
        return (long) LONG.get(data, at + Leaf.AT_VOIDS);
    }

    /** Part {@code 0..2} of the token id, as big-endian longs. */
    public long tokenPart(int part) {
        return (long) LONG.get(data, at + Leaf.AT_TOKEN + 8 * part);
    }

    /** Part {@code 0..3} of the content id, as big-endian longs. */
    public long contentPart(int part) {
        return (long) LONG.get(data, at + Leaf.AT_CONTENT + 8 * part);
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
        boolean isVoid = kind == LeafKind.VOID.code();
        boolean well = data[at] == 1
                && kind >= 1
                && kind <= 5
                && scope >= 1
                && scope <= 4
                && (data[at + 3] & ~1) == 0
                && edge() >= 1
                && epoch() >= 1
                && sequence() >= 1
                && time() >= 0
                && bytes() >= 0
                && voids() >= 0
                && isVoid == (voids() > 0)
                && voids() < sequence();
        if (!well) {
            Leaf.decode(data, at);
            throw new IllegalStateException("LeafReader refuses a leaf that Leaf accepts");
        }
    }
}
