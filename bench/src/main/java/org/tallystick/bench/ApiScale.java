package org.tallystick.bench;

/**
 * How large a market is asked about, and how.
 *
 * @param works over all datasets
 * @param contracts each with one job
 * @param statements at least so many, over several closes
 * @param clients who ask at the same moment
 * @param seconds how long they ask
 * @param pause how long a client waits after each answer, in milliseconds
 */
record ApiScale(long works, int contracts, long statements, int clients, int seconds, int pause) {
    private static final int PER_DATASET = 10_000;
    private static final int USES = 20;

    int datasets() {
        return Math.toIntExact(Math.max(1, works / PER_DATASET));
    }

    /** Works of one dataset. */
    int worksOf() {
        return Math.toIntExact(works / datasets());
    }

    /** Creators of one dataset: every one of them has a use, and so a statement, in each close. */
    int creatorsOf() {
        return Math.min(worksOf(), Math.max(1, contracts / datasets()) * USES);
    }

    /** Uses of one contract in one close, of works that lie apart. */
    int uses() {
        return Math.min(USES, worksOf());
    }

    /** Closes until there are as many statements as asked for. */
    int closes() {
        long each = (long) Math.min(contracts, datasets()) * creatorsOf() + 1;
        return Math.clamp((statements + each - 1) / each, 1, 50);
    }
}
