package org.tallystick.bench;

/**
 * How large a market is closed. Contracts share dataset versions, fifty to each, and each contract's buyer uses every work
 * of its version, most of them once, every tenth twice.
 *
 * @param uses distinct uses over all contracts
 * @param creators over all versions, each with works in one
 * @param contracts each with one job
 * @param leaves receipts to a batch
 */
record CloseScale(long uses, int creators, int contracts, int leaves) {
    private static final int SHARING = 50;
    private static final int REPEATED = 10;

    CloseScale {
        if (contracts < 1
                || creators < 1
                || uses < 1
                || uses / contracts < (creators + versions(contracts) - 1) / versions(contracts)) {
            throw new IllegalArgumentException(
                    "each contract needs a use of each creator of its dataset: more --uses, or fewer --creators");
        }
    }

    private static int versions(int contracts) {
        return (contracts + SHARING - 1) / SHARING;
    }

    int versions() {
        return versions(contracts);
    }

    int versionOf(int contract) {
        return contract % versions();
    }

    /** Works of one version. */
    int works() {
        return Math.toIntExact(uses / contracts);
    }

    int creatorOf(int version, int work) {
        int each = (creators + versions() - 1) / versions();
        return version * each + (int) ((long) work * each / works());
    }

    /** Distinct uses that come out, after division. */
    long distinct() {
        return (long) works() * contracts;
    }

    long deliveries() {
        return distinct() + distinct() / REPEATED;
    }

    /** Ordinal of the work of a use: buyers go through a dataset in no order of its creators. */
    int workOf(long use) {
        long stride = works() * 618L / 1000 + 1;
        while (gcd(stride, works()) != 1) {
            stride++;
        }
        return (int) (use % works() * stride % works());
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    /** Which use a delivery is of; after every tenth it comes again. */
    long useOf(long delivery) {
        return Math.min(distinct() - 1, delivery - (delivery + 1) / (REPEATED + 1));
    }
}
