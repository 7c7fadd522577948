package org.tallystick.protocol.receipt;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;

/**
 * A bundle in a fifth of its bytes, as it lies in a platform's blobs once its receipts are counted. It gives back the
 * bundle to the byte, whole or batch by batch; the bundle's hash, under which it is kept, tells whether it did. Leaves
 * name works by their place in a list of content ids, which is kept as a blob of its own. Big-endian:
 *
 * <pre>
 * "TSPB" version=1   bundle length u32
 * lists u16, each SHA-256 32   tokens u16, each token id 24, list u16
 * batches u32, each leaves u32, packed length u32
 * then for each batch: signed header {@value SignedHeader#LENGTH}, form u8 and
 *   form 0: the leaves
 *   form 1: shapes u8, each kind scope flags; widths of shape, token, time, work, bytes, back, u8 each; least bytes u64;
 *           for each leaf shape, token, time less the batch's earliest, ordinal of the work, bytes less the least, how
 *           many numbers back the voided one lies, in that many bits each; filled up to a byte; a salt of 16 for each
 * </pre>
 *
 * Immutable; safe from any thread.
 */
public final class PackedBundle {
    /** Most tokens and most lists of works in a packed bundle: each has a number of 16 bits. */
    static final int MOST = 0xffff;

    static final byte PLAIN = 0;
    static final byte COLUMNS = 1;

    private static final int MAGIC = 0x54535042;
    private static final byte VERSION = 1;
    private static final int MOST_BYTES = 1 << 26;

    private final byte[] packed;
    private final int length;
    private final List<Hash> lists;
    private final List<Token> tokens;
    private final List<PackedBatch> parts;

    /** A token and the number of the list that holds its works. */
    record Token(TokenId id, int list) {}

    /**
     * One batch.
     *
     * @param offset where it begins in the bundle
     * @param leaves how many it has
     * @param at where its packed form begins in the packed bundle
     * @param length bytes of its packed form
     */
    private record PackedBatch(int offset, int leaves, int at, int length) {
        int end() {
            return offset + Batch.length(leaves);
        }
    }

    /** How many bits each column of a packed batch takes, 0 to 64. */
    record Widths(int shape, int token, int time, int work, int bytes, int back) {
        static final int LENGTH = 6;

        void writeTo(ByteBuffer out) {
            out.put((byte) shape).put((byte) token).put((byte) time);
            out.put((byte) work).put((byte) bytes).put((byte) back);
        }

        static Widths of(ByteBuffer in) {
            Widths widths = new Widths(in.get(), in.get(), in.get(), in.get(), in.get(), in.get());
            if (!fits(widths.shape, 8)
                    || !fits(widths.token, 16)
                    || !fits(widths.time, 63)
                    || !fits(widths.work, 31)
                    || !fits(widths.bytes, 63)
                    || !fits(widths.back, 63)) {
                throw malformed("a column is wider than its numbers");
            }
            return widths;
        }

        private static boolean fits(int width, int most) {
            return width >= 0 && width <= most;
        }

        long bits() {
            return (long) shape + token + time + work + bytes + back;
        }
    }

    private PackedBundle(byte[] packed, int length, List<Hash> lists, List<Token> tokens, List<PackedBatch> parts) {
        this.packed = packed;
        this.length = length;
        this.lists = List.copyOf(lists);
        this.tokens = List.copyOf(tokens);
        this.parts = List.copyOf(parts);
    }

    static byte[] encode(int length, List<Hash> lists, List<Token> tokens, List<Integer> counts, List<byte[]> batches) {
        int size = 17 + lists.size() * Hash.BYTES + tokens.size() * (TokenId.LENGTH + 2) + batches.size() * 8;
        for (byte[] batch : batches) {
            size = Math.addExact(size, batch.length);
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.putInt(MAGIC).put(VERSION).putInt(length).putShort((short) lists.size());
        lists.forEach(list -> out.put(list.toBytes()));
        List<Token> kept = tokens.subList(0, Math.min(MOST, tokens.size()));
        out.putShort((short) kept.size());
        kept.forEach(token -> out.put(token.id().bytes()).putShort((short) token.list()));
        out.putInt(batches.size());
        for (int i = 0; i < batches.size(); i++) {
            out.putInt(counts.get(i)).putInt(batches.get(i).length);
        }
        batches.forEach(out::put);
        return Arrays.copyOf(out.array(), out.position());
    }

    /**
     * Reads the tables at the beginning; batches are unpacked when they are asked for.
     *
     * @param packed must not be changed afterwards
     * @throws MalformedException {@code pack/malformed}
     */
    public static PackedBundle decode(byte[] packed) {
        try {
            ByteBuffer in = ByteBuffer.wrap(packed);
            int length = length(in);
            List<Hash> lists = new ArrayList<>();
            for (int left = Short.toUnsignedInt(in.getShort()); left > 0; left--) {
                lists.add(Hash.of(take(in, Hash.BYTES)));
            }
            List<Token> tokens = new ArrayList<>();
            for (int left = Short.toUnsignedInt(in.getShort()); left > 0; left--) {
                tokens.add(new Token(new TokenId(take(in, TokenId.LENGTH)), Short.toUnsignedInt(in.getShort())));
            }
            List<PackedBatch> parts = parts(in, length);
            return new PackedBundle(packed, length, lists, tokens, parts);
        } catch (BufferUnderflowException e) {
            throw malformed("the packed bundle ends too early");
        }
    }

    /**
     * The length of the unpacked bundle in bytes.
     *
     * @param head the first {@value #HEAD} bytes of the packed form
     */
    public static int lengthOf(byte[] head) {
        try {
            return length(ByteBuffer.wrap(head));
        } catch (BufferUnderflowException e) {
            throw malformed("the packed bundle ends too early");
        }
    }

    /** The number of bytes that {@link #lengthOf} needs. */
    public static final int HEAD = 9;

    private static int length(ByteBuffer in) {
        if (in.getInt() != MAGIC || in.get() != VERSION) {
            throw malformed("these are not the bytes of a packed bundle");
        }
        int length = in.getInt();
        if (length < 1 || length > MOST_BYTES) {
            throw malformed("a bundle of " + length + " bytes");
        }
        return length;
    }

    private static byte[] take(ByteBuffer in, int bytes) {
        byte[] out = new byte[bytes];
        in.get(out);
        return out;
    }

    private static List<PackedBatch> parts(ByteBuffer in, int length) {
        int count = in.getInt();
        if (count < 1 || (long) count * 8 > in.remaining()) {
            throw malformed("a bundle of " + count + " batches");
        }
        List<PackedBatch> parts = new ArrayList<>();
        int at = in.position() + count * 8;
        int offset = 0;
        for (int i = 0; i < count; i++) {
            int leaves = in.getInt();
            int bytes = in.getInt();
            if (leaves < 1 || leaves > BatchHeader.MAX_COUNT || bytes < 0 || bytes > in.capacity() - at) {
                throw malformed("batch " + i + " does not lie within the packed bundle");
            }
            PackedBatch part = new PackedBatch(offset, leaves, at, bytes);
            parts.add(part);
            at += bytes;
            offset = part.end();
            if (offset > length) {
                throw malformed("the batches are longer than the bundle");
            }
        }
        if (offset != length || at != in.capacity()) {
            throw malformed("the batches do not fill the bundle");
        }
        return parts;
    }

    /** The length of the unpacked bundle in bytes. */
    public int length() {
        return length;
    }

    /** The hashes of the lists of content ids that {@link #unpack(Function)} asks for. */
    public List<Hash> lists() {
        return lists;
    }

    /**
     * The whole bundle.
     *
     * @param works the bytes of a list of content ids by its hash
     * @throws MalformedException {@code pack/malformed}, {@code leaf/…} or {@code batch/…}
     */
    public byte[] unpack(Function<Hash, byte[]> works) {
        return unpack(0, length, works);
    }

    /**
     * Unpacks the batches that a range of the bundle touches.
     *
     * @param from first byte of the range
     * @param to the byte after its last
     * @param works gives the bytes of a list of content ids for its hash
     * @return an array as long as the bundle, with zeros where other batches lie
     */
    public byte[] unpack(int from, int to, Function<Hash, byte[]> works) {
        List<byte[]> known = lists.stream().map(works).toList();
        byte[] bundle = new byte[length];
        for (PackedBatch part : parts) {
            if (part.offset() < to && part.end() > from) {
                try {
                    unpack(part, bundle, known);
                } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
                    throw malformed("a batch of the packed bundle ends too early");
                }
            }
        }
        return bundle;
    }

    private void unpack(PackedBatch part, byte[] bundle, List<byte[]> works) {
        ByteBuffer in = ByteBuffer.wrap(packed, part.at(), part.length()).slice();
        in.get(bundle, part.offset(), SignedHeader.LENGTH);
        BatchHeader header = BatchHeader.decode(bundle, part.offset());
        int leaves = part.offset() + SignedHeader.LENGTH;
        byte form = in.get();
        if (header.count() != part.leaves() || (form != PLAIN && form != COLUMNS)) {
            throw malformed("the batch at " + part.offset() + " is of no known form");
        }
        if (form == COLUMNS) {
            columns(in, part, header, bundle, works);
        } else if (in.remaining() != part.leaves() * Leaf.LENGTH) {
            throw malformed("the batch at " + part.offset() + " has other leaves than it says");
        } else {
            in.get(bundle, leaves, part.leaves() * Leaf.LENGTH);
        }
    }

    private void columns(ByteBuffer in, PackedBatch part, BatchHeader header, byte[] bundle, List<byte[]> works) {
        byte[] shapes = take(in, 3 * Byte.toUnsignedInt(in.get()));
        Widths widths = Widths.of(in);
        long leastBytes = in.getLong();
        int salts = in.position() + (int) BitWriter.bytes(widths.bits() * part.leaves());
        if (in.limit() - salts != part.leaves() * Leaf.SALT_LENGTH) {
            throw malformed("the batch at " + part.offset() + " has other salts than leaves");
        }
        BitReader bits = new BitReader(packed, part.at() + in.position());
        ByteBuffer out = ByteBuffer.wrap(bundle, part.offset() + SignedHeader.LENGTH, part.leaves() * Leaf.LENGTH);
        for (int i = 0; i < part.leaves(); i++) {
            int shape = 3 * (int) bits.next(widths.shape());
            Token token = tokens.get((int) bits.next(widths.token()));
            long sequence = header.first() + i;
            out.put(Leaf.VERSION).put(shapes, shape, 3);
            out.putInt(header.edge()).putInt(header.epoch()).putLong(sequence);
            out.putLong(header.minTime() + bits.next(widths.time()));
            token.id().copyTo(bundle, out.position());
            out.position(out.position() + TokenId.LENGTH);
            out.put(works.get(token.list()), (int) bits.next(widths.work()) * Hash.BYTES, Hash.BYTES);
            out.putLong(leastBytes + bits.next(widths.bytes()));
            long back = bits.next(widths.back());
            out.putLong(back == 0 ? 0 : sequence - back);
            out.put(packed, part.at() + salts + i * Leaf.SALT_LENGTH, Leaf.SALT_LENGTH);
        }
    }

    private static MalformedException malformed(String detail) {
        return new MalformedException("pack/malformed", detail);
    }
}
