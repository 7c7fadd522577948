package org.tallystick.protocol.receipt;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;

/**
 * Packs a bundle into the smaller form of {@link PackedBundle}. What neighbouring leaves share is written once: numbers
 * that follow from the header are left out, tokens and works become numbers of a table or list, and the rest takes as
 * few bits as the largest value of the batch needs. A batch with a work that is on no list is stored unpacked. For one
 * bundle only; not thread-safe.
 */
public final class BundlePacker {
    private static final Index UNKNOWN = (word0, word1, word2, word3) -> -1;

    private final byte[] bundle;
    private final Function<TokenId, Optional<Works>> works;
    private final Map<Hash, Integer> numbers = new HashMap<>();
    private final List<TokenId> tokens = new ArrayList<>();
    private final List<Optional<Works>> worksOfToken = new ArrayList<>();
    private final List<Index> indexOfToken = new ArrayList<>();
    private final Map<Hash, Integer> lists = new LinkedHashMap<>();

    /**
     * The works of a dataset version.
     *
     * @param list SHA-256 of their content ids, 32 bytes each, in the order of their ordinals
     */
    public record Works(Hash list, Index index) {}

    /** Finds the place of a work in its list. */
    @FunctionalInterface
    public interface Index {
        /** The ordinal of the work whose content id has these words, or -1. */
        int find(long word0, long word1, long word2, long word3);
    }

    private BundlePacker(byte[] bundle, Function<TokenId, Optional<Works>> works) {
        this.bundle = bundle;
        this.works = works;
    }

    /**
     * Packs a bundle. Unpacking gives back exactly the same bytes.
     *
     * @param bundle whole batches, checked before
     * @param works of the dataset version a token grants, where that is known
     * @throws MalformedException {@code batch/…} where it is no bundle
     */
    public static byte[] pack(byte[] bundle, Function<TokenId, Optional<Works>> works) {
        return new BundlePacker(bundle, works).pack();
    }

    private byte[] pack() {
        List<byte[]> packed = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        for (Batch batch : Batch.decodeAll(bundle)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(batch.signed().encode());
            out.writeBytes(columns(batch).orElseGet(() -> plain(batch)));
            packed.add(out.toByteArray());
            counts.add(batch.header().count());
        }
        return PackedBundle.encode(bundle.length, List.copyOf(lists.keySet()), tokenTable(), counts, packed);
    }

    private List<PackedBundle.Token> tokenTable() {
        List<PackedBundle.Token> table = new ArrayList<>();
        for (int number = 0; number < tokens.size(); number++) {
            int list = worksOfToken
                    .get(number)
                    .map(known -> lists.getOrDefault(known.list(), 0))
                    .orElse(0);
            table.add(new PackedBundle.Token(tokens.get(number), list));
        }
        return table;
    }

    private static byte[] plain(Batch batch) {
        byte[] whole = batch.encode();
        byte[] plain = Arrays.copyOfRange(whole, SignedHeader.LENGTH - 1, whole.length);
        plain[0] = PackedBundle.PLAIN;
        return plain;
    }

    /** The packed leaves of a batch; empty where one of its works is on no list. */
    private Optional<byte[]> columns(Batch batch) {
        int count = batch.header().count();
        int[] token = new int[count];
        int[] work = new int[count];
        int[] shape = new int[count];
        List<Integer> shapes = new ArrayList<>();
        long leastBytes = Long.MAX_VALUE;
        long mostBytes = 0;
        long mostWork = 0;
        long mostBack = 0;
        int mostToken = 0;
        for (LeafReader leaf = batch.reader(); leaf.hasNext(); ) {
            leaf.next();
            int i = leaf.index();
            token[i] = token(leaf);
            shape[i] = shape(leaf, shapes);
            mostToken = Math.max(mostToken, token[i]);
            mostBack = Math.max(mostBack, back(leaf));
            leastBytes = Math.min(leastBytes, leaf.bytes());
            mostBytes = Math.max(mostBytes, leaf.bytes());
        }
        if (!findWorks(batch, token, work)) {
            return Optional.empty();
        }
        for (int ordinal : work) {
            mostWork = Math.max(mostWork, ordinal);
        }
        PackedBundle.Widths widths = new PackedBundle.Widths(
                BitWriter.width(shapes.size() - 1L),
                BitWriter.width(mostToken),
                BitWriter.width(batch.header().maxTime() - batch.header().minTime()),
                BitWriter.width(mostWork),
                BitWriter.width(mostBytes - leastBytes),
                BitWriter.width(mostBack));
        BitWriter bits = new BitWriter();
        byte[] salts = new byte[count * Leaf.SALT_LENGTH];
        for (LeafReader leaf = batch.reader(); leaf.hasNext(); ) {
            leaf.next();
            int i = leaf.index();
            bits.put(shape[i], widths.shape());
            bits.put(token[i], widths.token());
            bits.put(leaf.time() - batch.header().minTime(), widths.time());
            bits.put(work[i], widths.work());
            bits.put(leaf.bytes() - leastBytes, widths.bytes());
            bits.put(back(leaf), widths.back());
            leaf.copySalt(salts, i * Leaf.SALT_LENGTH);
        }
        return Optional.of(columns(shapes, widths, leastBytes, bits.bytes(), salts));
    }

    private static byte[] columns(
            List<Integer> shapes, PackedBundle.Widths widths, long leastBytes, byte[] bits, byte[] salts) {
        ByteBuffer out = ByteBuffer.allocate(
                2 + 3 * shapes.size() + PackedBundle.Widths.LENGTH + Long.BYTES + bits.length + salts.length);
        out.put(PackedBundle.COLUMNS).put((byte) shapes.size());
        for (int shape : shapes) {
            out.put((byte) (shape >> 16)).put((byte) (shape >> 8)).put((byte) shape);
        }
        widths.writeTo(out);
        return out.putLong(leastBytes).put(bits).put(salts).array();
    }

    private int token(LeafReader leaf) {
        Hash words = new Hash(leaf.tokenPart(0), leaf.tokenPart(1), leaf.tokenPart(2), 0);
        Integer known = numbers.get(words);
        if (known != null) {
            return known;
        }
        Optional<Works> found = tokens.size() < PackedBundle.MOST ? works.apply(leaf.token()) : Optional.empty();
        if (found.isPresent() && lists.size() < PackedBundle.MOST) {
            lists.putIfAbsent(found.get().list(), lists.size());
        }
        boolean listed = found.isPresent() && lists.containsKey(found.get().list());
        indexOfToken.add(listed ? found.orElseThrow().index() : UNKNOWN);
        numbers.put(words, tokens.size());
        tokens.add(leaf.token());
        worksOfToken.add(found);
        return tokens.size() - 1;
    }

    /**
     * Looks up all works of a batch in one loop of its own, so that the processor waits for many memory accesses at the
     * same time instead of one after another.
     *
     * @return false where a work is on no list
     */
    private boolean findWorks(Batch batch, int[] token, int[] work) {
        boolean all = true;
        for (LeafReader leaf = batch.reader(); leaf.hasNext(); ) {
            leaf.next();
            int i = leaf.index();
            work[i] = indexOfToken
                    .get(token[i])
                    .find(leaf.contentPart(0), leaf.contentPart(1), leaf.contentPart(2), leaf.contentPart(3));
            all &= work[i] >= 0;
        }
        return all;
    }

    private static int shape(LeafReader leaf, List<Integer> shapes) {
        int shape = (leaf.kindCode() << 16) | (leaf.scopeCode() << 8) | leaf.flags();
        int known = shapes.indexOf(shape);
        if (known < 0) {
            shapes.add(shape);
            return shapes.size() - 1;
        }
        return known;
    }

    /** How many sequence numbers before this leaf the voided one lies; 0 where the leaf voids nothing. */
    private static long back(LeafReader leaf) {
        return leaf.voids() == 0 ? 0 : leaf.sequence() - leaf.voids();
    }
}
