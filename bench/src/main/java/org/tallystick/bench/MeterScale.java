package org.tallystick.bench;

/**
 * How large a market the meter is measured on, from the number of distinct uses asked for. A job uses half the works of
 * one dataset version, so 100 000 000 uses make 1 000 jobs over the works of 100 000 creators.
 *
 * @param uses distinct uses: a work counts once in a job
 * @param jobs under {@link #contracts} contracts
 * @param works in the dataset version, two of each creator
 */
record MeterScale(long uses, int jobs, int works) {
    private static final int USES_PER_JOB = 100_000;
    private static final int WORKS_PER_CREATOR = 2;
    private static final int JOBS_PER_CONTRACT = 10;
    private static final int REPEATED = 8;
    private static final int MOST_IN_A_ROUND = 4_000_000;
    private static final int ROUNDS = 5;

    static MeterScale of(long uses) {
        if (uses < 10_000 || uses > 1_000_000_000) {
            throw new IllegalArgumentException("--uses is 10000 to 1000000000, not " + uses);
        }
        int jobs = Math.toIntExact(Math.max(1, uses / USES_PER_JOB));
        long perJob = uses / jobs;
        return new MeterScale(perJob * jobs, jobs, Math.toIntExact(2 * perJob));
    }

    long usesPerJob() {
        return uses / jobs;
    }

    int creators() {
        return works / WORKS_PER_CREATOR;
    }

    int creatorOf(int work) {
        return work / WORKS_PER_CREATOR;
    }

    int contracts() {
        return (jobs + JOBS_PER_CONTRACT - 1) / JOBS_PER_CONTRACT;
    }

    int contractOf(int job) {
        return job / JOBS_PER_CONTRACT;
    }

    /**
     * The number of rounds the deliveries are divided into. Each is timed on its own; one more before them warms up.
     */
    int rounds() {
        return (int) Math.max(ROUNDS, uses / MOST_IN_A_ROUND);
    }

    /** Deliveries in all: every eighth use is delivered twice. */
    long deliveries() {
        return uses + uses / REPEATED;
    }

    /** The use a delivery belongs to; every ninth delivery repeats the one before. */
    long useOf(long delivery) {
        return Math.min(uses - 1, delivery - (delivery + 1) / (REPEATED + 1));
    }

    int jobOf(long use) {
        return (int) (use % jobs);
    }

    /** Ordinal of the work of a use: each job goes through the works in an order of its own, and no work comes twice. */
    int workOf(long use) {
        long step = use / jobs;
        long stride = 2 * (works / 5L + jobOf(use)) + 1;
        while (gcd(stride, works) != 1) {
            stride += 2;
        }
        return (int) ((step * stride + jobOf(use) * 7919L) % works);
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
