package org.tallystick.platform.metering;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jdbi.v3.core.Handle;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.Member;
import org.tallystick.protocol.codec.Hash;

/**
 * Goes through the members of a dataset version that stand in a set, in their order, and reads no others: a few hundred at a
 * time, so that a page of a million-member version costs a page. One thread, one transaction.
 */
public final class MemberReader implements Iterator<Member> {
    private static final int PIECE = 500;

    private final Handle tx;
    private final Catalog catalog;
    private final Hash dataset;
    private final PeekableIntIterator ordinals;
    private final int piece;
    private Iterator<Member> read = List.<Member>of().iterator();

    private MemberReader(Handle tx, Catalog catalog, Hash dataset, RoaringBitmap wanted, int from, int piece) {
        this.tx = tx;
        this.catalog = catalog;
        this.dataset = dataset;
        this.piece = piece;
        this.ordinals = wanted.getIntIterator();
        ordinals.advanceIfNeeded(from);
    }

    /**
     * Begins.
     *
     * @param from the first ordinal that may be given
     * @param most how many will be asked for, so that no more are read than that
     */
    static Iterator<Member> of(Handle tx, Catalog catalog, Hash dataset, RoaringBitmap wanted, int from, int most) {
        return new MemberReader(tx, catalog, dataset, wanted, from, Math.clamp(most, 1, PIECE));
    }

    /** The first of them, at most so many. */
    public static List<Member> first(
            Handle tx, Catalog catalog, Hash dataset, RoaringBitmap wanted, int from, int most) {
        List<Member> found = new ArrayList<>();
        Iterator<Member> members = of(tx, catalog, dataset, wanted, from, most);
        while (found.size() < most && members.hasNext()) {
            found.add(members.next());
        }
        return found;
    }

    @Override
    public boolean hasNext() {
        while (!read.hasNext() && ordinals.hasNext()) {
            int[] next = new int[piece];
            int count = 0;
            while (count < piece && ordinals.hasNext()) {
                next[count++] = ordinals.next();
            }
            read = catalog.members(tx, dataset, Arrays.copyOf(next, count)).iterator();
        }
        return read.hasNext();
    }

    @Override
    public Member next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no member of the set is left");
        }
        return read.next();
    }
}
