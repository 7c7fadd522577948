package org.tallystick.edge.spool;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.LeafReader;
import org.tallystick.protocol.receipt.TokenId;

/**
 * What was delivered under each token with a quota, as the spool's own frames tell it. A frame of sets declares a token's
 * works, or adds to them. The older frame of counts declares a number of deliveries, to which every later leaf of the same
 * segment adds until a set is declared for the token. Not thread-safe.
 */
final class QuotaCounts {
    /** Bytes of one older declaration: token id, used u64, expires u64 (milliseconds since 1970). */
    private static final int OLD_ENTRY = TokenId.LENGTH + 16;

    /** Bytes of a declaration of a set before its works. */
    private static final int ENTRY = TokenId.LENGTH + 25;

    private static final byte ADDS = 0;
    private static final byte WHOLE = 1;

    private final Map<Key, Count> counts = new HashMap<>();
    private boolean counting;

    /** A token id as words, readable from a leaf without making an object of it. */
    private record Key(long a, long b, long c) {}

    /** What is known of one token. */
    static final class Count {
        private long expires;
        private long earlier;
        private long bytes;
        private boolean counted;
        private WorkSet works = new WorkSet();

        /** First moment past the token's validity, in milliseconds since 1970. */
        long expires() {
            return expires;
        }

        /** Works counted as deliveries, before their names were kept. */
        long earlier() {
            return earlier;
        }

        /** Length of all works of the set, in bytes. */
        long bytes() {
            return bytes;
        }

        WorkSet works() {
            return works;
        }
    }

    void clear() {
        counts.clear();
        counting = false;
    }

    /** Whether leaves are to be counted, because an older frame asks for it. */
    boolean isCounting() {
        return counting;
    }

    /**
     * Reads an older frame of counts.
     *
     * @throws MalformedException {@code spool/quota} unless the payload is whole declarations
     */
    void declareCounts(byte[] data, int offset, int length) {
        require(length % OLD_ENTRY == 0, "a quota frame holds whole declarations");
        ByteBuffer in = ByteBuffer.wrap(data, offset, length);
        while (in.hasRemaining()) {
            Count count = new Count();
            counts.put(key(in), count);
            count.earlier = in.getLong();
            count.expires = in.getLong();
            count.counted = true;
            counting = true;
        }
    }

    /**
     * Reads a frame of sets.
     *
     * @throws MalformedException {@code spool/quota} unless the payload is whole declarations
     */
    void declareSets(byte[] payload) {
        ByteBuffer in = ByteBuffer.wrap(payload);
        while (in.hasRemaining()) {
            require(in.remaining() > ENTRY, "a declaration is cut short");
            Key key = key(in);
            byte how = in.get();
            require(how == WHOLE || how == ADDS, "a declaration is whole or adds");
            Count count = how == WHOLE ? new Count() : counts.getOrDefault(key, new Count());
            count.expires = in.getLong();
            count.earlier = in.getLong();
            count.bytes = in.getLong();
            count.counted = false;
            count.works.addAll(in);
            counts.put(key, count);
        }
    }

    /** One declaration. */
    static byte[] declaration(TokenId token, boolean whole, long expires, long earlier, long bytes, WorkSet works) {
        byte[] set = works.encode();
        return ByteBuffer.allocate(ENTRY + set.length)
                .put(token.bytes())
                .put(whole ? WHOLE : ADDS)
                .putLong(expires)
                .putLong(earlier)
                .putLong(bytes)
                .put(set)
                .array();
    }

    private static Key key(ByteBuffer in) {
        return new Key(in.getLong(), in.getLong(), in.getLong());
    }

    static void require(boolean holds, String detail) {
        if (!holds) {
            throw new MalformedException("spool/quota", detail);
        }
    }

    void count(LeafReader leaf) {
        Count count = counts.get(new Key(leaf.tokenPart(0), leaf.tokenPart(1), leaf.tokenPart(2)));
        if (count != null && count.counted) {
            count.earlier = Math.max(0, count.earlier + change(leaf.kindCode()));
        }
    }

    /** What a leaf adds to a count of deliveries: a delivery one, a void takes one back, any other nothing. */
    private static int change(int kindCode) {
        if (kindCode == LeafKind.VOID.code()) {
            return -1;
        }
        return kindCode == LeafKind.HEAD.code() || kindCode == LeafKind.CUT.code() ? 0 : 1;
    }

    /** Calls for each token with what is known of it. */
    void forEach(BiConsumer<TokenId, Count> each) {
        counts.forEach((key, count) -> {
            byte[] id = new byte[TokenId.LENGTH];
            ByteBuffer.wrap(id).putLong(key.a()).putLong(key.b()).putLong(key.c());
            each.accept(new TokenId(Arrays.copyOf(id, id.length)), count);
        });
    }
}
