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
 * Deliveries per token as the spool's own frames and leaves tell them: a quota frame declares a token and what was used
 * before, every later leaf of the same segment adds to it. Only declared tokens are counted. Not thread-safe.
 */
final class QuotaCounts {
    /** Bytes of one declaration: token id, used u64, expires u64 (milliseconds since 1970). */
    static final int ENTRY = TokenId.LENGTH + 16;

    private final Map<Key, long[]> counts = new HashMap<>();

    /** A token id as words, readable from a leaf without making an object of it. */
    private record Key(long a, long b, long c) {}

    void clear() {
        counts.clear();
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    /**
     * @throws MalformedException {@code spool/quota} unless the payload is whole declarations
     */
    void declare(byte[] data, int offset, int length) {
        if (length % ENTRY != 0) {
            throw new MalformedException("spool/quota", "a quota frame holds whole declarations");
        }
        ByteBuffer in = ByteBuffer.wrap(data, offset, length);
        while (in.hasRemaining()) {
            Key key = new Key(in.getLong(), in.getLong(), in.getLong());
            counts.put(key, new long[] {in.getLong(), in.getLong()});
        }
    }

    void count(LeafReader leaf) {
        long[] count = counts.get(new Key(leaf.tokenPart(0), leaf.tokenPart(1), leaf.tokenPart(2)));
        if (count != null) {
            count[0] += change(leaf.kindCode());
        }
    }

    /** What a leaf of a kind adds to its token's count: a delivery one, a void takes one back, a HEAD nothing. */
    static int change(int kindCode) {
        if (kindCode == LeafKind.VOID.code()) {
            return -1;
        }
        return kindCode == LeafKind.HEAD.code() ? 0 : 1;
    }

    /** Calls for each token with its count and its expiry. */
    void forEach(BiConsumer<TokenId, long[]> each) {
        counts.forEach((key, count) -> {
            byte[] id = new byte[TokenId.LENGTH];
            ByteBuffer.wrap(id).putLong(key.a()).putLong(key.b()).putLong(key.c());
            each.accept(new TokenId(id), Arrays.copyOf(count, 2));
        });
    }
}
