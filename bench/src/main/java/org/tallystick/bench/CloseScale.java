package org.tallystick.bench;

/**
 * How large a market is closed. One contract in a hundred stands on a wide dataset of its own, and all creators are in
 * one of those; the others share datasets of a hundred creators with many works each. Each contract's buyer uses every
 * work of its dataset in each of its jobs, most of them once, every tenth twice.
 *
 * @param uses distinct uses over all contracts: a work counts once in a job
 * @param creators over all datasets
 * @param contracts each with {@value #JOBS} jobs
 * @param leaves receipts to a batch
 */
record CloseScale(long uses, int creators, int contracts, int leaves) {
    static final int JOBS = 2;

    private static final int WIDE_ONE_IN = 100;
    private static final int SHARING = 100;
    private static final int DEEP_CREATORS = 100;
    private static final int REPEATED = 10;

    CloseScale {
        if (contracts < 1 || creators < 1 || uses < 1) {
            throw new IllegalArgumentException("there is nothing to close");
        }
        int wide = Math.max(1, contracts / WIDE_ONE_IN);
        if (uses / contracts / JOBS < (creators + wide - 1) / wide) {
            throw new IllegalArgumentException(
                    "each contract needs a use of each creator of its dataset: more --uses, or fewer --creators");
        }
    }

    private int wide() {
        return Math.max(1, contracts / WIDE_ONE_IN);
    }

    int versions() {
        return wide() + (contracts - wide() + SHARING - 1) / SHARING;
    }

    int versionOf(int contract) {
        return contract < wide() ? contract : wide() + (contract - wide()) / SHARING;
    }

    /** Works of one version. */
    int works() {
        return Math.toIntExact(uses / contracts / JOBS);
    }

    int creatorOf(int version, int work) {
        int first = version < wide() ? wideFrom(version) : (version - wide()) * DEEP_CREATORS;
        int of = version < wide() ? wideFrom(version + 1) - first : Math.min(DEEP_CREATORS, creators);
        return (first + (int) ((long) work * of / works())) % creators;
    }

    private int wideFrom(int version) {
        return (int) ((long) creators * version / wide());
    }

    /** Distinct uses that come out, after division. */
    long distinct() {
        return (long) works() * JOBS * contracts;
    }

    long deliveries() {
        return (long) (works() + works() / REPEATED) * JOBS * contracts;
    }

    /** Whether a use of a job, counted from 0, is delivered twice. */
    static boolean isRepeated(long use) {
        return use % REPEATED == REPEATED - 1;
    }

    /** How far apart the works lie that a buyer asks for one after another: in no order of their creators. */
    long stride() {
        long stride = works() * 618L / 1000 + 1;
        while (gcd(stride, works()) != 1) {
            stride++;
        }
        return stride;
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
