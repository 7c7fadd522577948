package org.tallystick.protocol.receipt;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;

/**
 * One delivery, as its edge promises it before a byte leaves. {@value #LENGTH} bytes, so that its RFC 6962 leaf hash takes
 * two SHA-256 blocks. Big-endian:
 *
 * <pre>
 * 0 version=2   1 kind   2 scope   3 flags (bit 0 cached, bit 1 released)   4 edge u32   8 epoch u32   12 sequence u64
 * 20 time u48   26 token id 24   50 content id 32   82 from u48   88 bytes u48   94 refers u32   98 zero u32   102 salt 16
 * </pre>
 *
 * <p>The older {@link LeafForm#ONE} is {@code 0 version=1 … 20 time u64, 28 token id, 52 content id, 84 bytes u64, 92 refers u64
 * (the earlier number itself), 100 salt}.
 *
 * <p>The salt keeps the leaf's hash, which stands in other consumers' proofs, from being guessed. Where the consumer showed
 * the work's release key, that key stands in its place: it is as hard to guess, and proves that the work was asked for.
 *
 * @param form the byte form
 * @param kind what was promised, or what is said of an earlier delivery
 * @param scope scope of the grant
 * @param cached whether the edge answered from its own cache
 * @param released whether {@code salt} is the release key that the request showed
 * @param edge number of the edge, at least 1
 * @param epoch number of the edge's epoch, at least 1
 * @param sequence dense number within the epoch, at least 1
 * @param time milliseconds since 1970 by the edge's clock, 0 to 2^48 - 1
 * @param token the grant it was delivered under
 * @param content the work
 * @param from first byte of the work that was promised, 0 to 2^48 - 1; 0 but for {@link LeafKind#PARTIAL}
 * @param bytes content bytes promised, or for {@link LeafKind#CUT} handed over, 0 to 2^48 - 1
 * @param refers for {@link LeafKind#VOID} and {@link LeafKind#CUT} the earlier sequence number they speak of, else 0
 * @param salt 16 bytes
 */
public record Leaf(
        LeafForm form,
        LeafKind kind,
        Scope scope,
        boolean cached,
        boolean released,
        int edge,
        int epoch,
        long sequence,
        long time,
        TokenId token,
        ContentId content,
        long from,
        long bytes,
        long refers,
        byte[] salt) {
    /** Bytes of a leaf in the form that is written today. */
    public static final int LENGTH = 118;

    /** Length of the salt, and of a release key. */
    public static final int SALT_LENGTH = 16;

    static final int FLAG_CACHED = 1;
    static final int FLAG_RELEASED = 2;

    static final int AT_EDGE = 4;
    static final int AT_EPOCH = 8;
    static final int AT_SEQUENCE = 12;
    static final int AT_TIME = 20;
    static final int AT_FROM = 82;
    static final int AT_REFERS = 94;

    private static final long MOST_U48 = (1L << 48) - 1;
    private static final long MOST_U32 = (1L << 32) - 1;

    public Leaf {
        Objects.requireNonNull(form);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(scope);
        Objects.requireNonNull(token);
        Objects.requireNonNull(content);
        if (edge < 1 || epoch < 1 || sequence < 1) {
            throw new MalformedException("leaf/number", "edge, epoch and sequence are numbered from 1");
        }
        if (time < 0 || from < 0 || bytes < 0 || refers < 0) {
            throw new MalformedException("leaf/negative", "time, bytes and numbers are never negative");
        }
        if (kind.refers() != (refers > 0) || refers >= sequence) {
            throw new MalformedException(
                    form == LeafForm.ONE ? "leaf/voids" : "leaf/refers",
                    "a leaf that speaks of an earlier delivery, and only that, names its number");
        }
        if (form == LeafForm.ONE) {
            checkOld(kind, released, from);
        } else {
            checkCurrent(kind, released, sequence, time, from, bytes, refers);
        }
        if (salt.length != SALT_LENGTH) {
            throw new MalformedException("leaf/salt", "a salt has " + SALT_LENGTH + " bytes");
        }
        salt = salt.clone();
    }

    /** A leaf in today's form that begins at byte 0 and shows no release key. */
    public Leaf(
            LeafKind kind,
            Scope scope,
            boolean cached,
            int edge,
            int epoch,
            long sequence,
            long time,
            TokenId token,
            ContentId content,
            long bytes,
            long refers,
            byte[] salt) {
        this(
                LeafForm.CURRENT,
                kind,
                scope,
                cached,
                false,
                edge,
                epoch,
                sequence,
                time,
                token,
                content,
                0,
                bytes,
                refers,
                salt);
    }

    private static void checkOld(LeafKind kind, boolean released, long from) {
        if (kind == LeafKind.CUT || released || from != 0) {
            throw new MalformedException("leaf/version", "version 1 has no cuts, release keys or beginnings");
        }
    }

    private static void checkCurrent(
            LeafKind kind, boolean released, long sequence, long time, long from, long bytes, long refers) {
        if (time > MOST_U48 || from > MOST_U48 || bytes > MOST_U48 || (refers > 0 && sequence - refers > MOST_U32)) {
            throw new MalformedException("leaf/range", "a number does not fit its field");
        }
        boolean begins = kind == LeafKind.PARTIAL || from == 0;
        boolean counts = switch (kind) {
            case FULL -> true;
            case PARTIAL, CUT -> bytes > 0;
            case NOT_MODIFIED, HEAD, VOID -> bytes == 0;
        };
        if (!begins || !counts) {
            throw new MalformedException("leaf/bytes", "a leaf of kind " + kind + " cannot have these bytes");
        }
        if (released && !kind.meters()) {
            throw new MalformedException("leaf/flags", "only a delivery shows a release key");
        }
    }

    @Override
    public byte[] salt() {
        return salt.clone();
    }

    /** The byte form. */
    public byte[] encode() {
        byte[] out = new byte[form.length()];
        encode(out, 0);
        return out;
    }

    /** Writes the byte form at an offset. */
    public void encode(byte[] out, int offset) {
        ByteBuffer buffer = ByteBuffer.wrap(out, offset, form.length());
        int flags = (cached ? FLAG_CACHED : 0) | (released ? FLAG_RELEASED : 0);
        buffer.put((byte) form.version())
                .put((byte) kind.code())
                .put((byte) scope.code())
                .put((byte) flags);
        buffer.putInt(edge).putInt(epoch).putLong(sequence);
        token.copyTo(out, offset + form.tokenAt());
        content.hash().writeTo(out, offset + form.contentAt());
        if (form == LeafForm.ONE) {
            buffer.putLong(time).position(offset + form.bytesAt());
            buffer.putLong(bytes).putLong(refers).put(salt);
            return;
        }
        put48(buffer, time).position(offset + AT_FROM);
        put48(put48(buffer, from), bytes);
        buffer.putInt(refers == 0 ? 0 : (int) (sequence - refers)).putInt(0).put(salt);
    }

    private static ByteBuffer put48(ByteBuffer buffer, long value) {
        return buffer.putShort((short) (value >> 32)).putInt((int) value);
    }

    /**
     * Reads exactly one leaf of either form.
     *
     * @throws MalformedException {@code leaf/…} or {@code scope/unknown}
     */
    public static Leaf decode(byte[] bytes) {
        LeafForm form = bytes.length == LeafForm.ONE.length() ? LeafForm.ONE : LeafForm.TWO;
        if (bytes.length != form.length()) {
            throw new MalformedException("leaf/length", "no leaf has " + bytes.length + " bytes");
        }
        if (bytes[0] != form.version()) {
            throw new MalformedException("leaf/version", "a leaf of this length is not of version " + bytes[0]);
        }
        return decode(bytes, 0);
    }

    /**
     * Reads the leaf at an offset.
     *
     * @throws MalformedException {@code leaf/…} or {@code scope/unknown}
     */
    public static Leaf decode(byte[] in, int offset) {
        if (offset < 0 || offset >= in.length) {
            throw new MalformedException("leaf/truncated", "no byte is left for a leaf");
        }
        LeafForm form = LeafForm.ofVersion(in[offset], "leaf/version");
        if (in.length - offset < form.length()) {
            throw new MalformedException(
                    "leaf/truncated", "fewer than " + form.length() + " bytes are left for a leaf");
        }
        ByteBuffer buffer = ByteBuffer.wrap(in, offset + 1, form.length() - 1);
        LeafKind kind = LeafKind.ofCode(buffer.get());
        Scope scope = Scope.ofCode(buffer.get());
        int flags = buffer.get();
        int known = form == LeafForm.ONE ? FLAG_CACHED : FLAG_CACHED | FLAG_RELEASED;
        if ((flags & ~known) != 0) {
            throw new MalformedException("leaf/flags", "unknown flags are set");
        }
        int edge = buffer.getInt();
        int epoch = buffer.getInt();
        long sequence = buffer.getLong();
        long time = form == LeafForm.ONE ? buffer.getLong() : get48(buffer);
        long from = form == LeafForm.ONE ? 0 : get48(buffer.position(offset + AT_FROM));
        buffer.position(offset + form.bytesAt());
        long bytes = form == LeafForm.ONE ? buffer.getLong() : get48(buffer);
        long refers = form == LeafForm.ONE ? buffer.getLong() : back(buffer, sequence);
        return new Leaf(
                form,
                kind,
                scope,
                (flags & FLAG_CACHED) != 0,
                (flags & FLAG_RELEASED) != 0,
                edge,
                epoch,
                sequence,
                time,
                new TokenId(Arrays.copyOfRange(in, offset + form.tokenAt(), offset + form.contentAt())),
                new ContentId(Hash.at(in, offset + form.contentAt())),
                from,
                bytes,
                refers,
                Arrays.copyOfRange(in, offset + form.saltAt(), offset + form.length()));
    }

    private static long get48(ByteBuffer buffer) {
        return Short.toUnsignedLong(buffer.getShort()) << 32 | Integer.toUnsignedLong(buffer.getInt());
    }

    /** The number a leaf speaks of, from how many numbers back it lies. */
    private static long back(ByteBuffer buffer, long sequence) {
        long back = Integer.toUnsignedLong(buffer.getInt());
        if (buffer.getInt() != 0) {
            throw new MalformedException("leaf/reserved", "the four bytes before the salt are zero");
        }
        if (back >= sequence && back > 0) {
            throw new MalformedException("leaf/refers", "a leaf speaks of a number before the first");
        }
        return back == 0 ? 0 : sequence - back;
    }

    /** The id people use: {@code r-<edge>-<epoch>-<sequence>}. */
    public String receiptId() {
        return "r-" + edge + "-" + epoch + "-" + sequence;
    }

    /** The id of the delivery that a void or a cut speaks of. */
    public String refersId() {
        return "r-" + edge + "-" + epoch + "-" + refers;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Leaf that && Arrays.equals(encode(), that.encode());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encode());
    }
}
