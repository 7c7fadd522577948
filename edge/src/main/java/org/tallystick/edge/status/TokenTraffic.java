package org.tallystick.edge.status;

/**
 * What one token has been sent since this edge started: bytes, against the abuse that endless repeats would be, and how many
 * of its deliveries broke off in the hour, because a client that breaks them off by design shows there. Kept in memory only:
 * what is paid rests on leaves, not on this. Safe from any thread.
 */
public final class TokenTraffic {
    private static final long HOUR = 3_600_000;
    private static final int LEAST_DELIVERIES = 20;
    private static final int MOST_PERCENT = 5;

    private long listed;
    private long open;
    private Hour current = new Hour(-1, 0, 0, 0);
    private Hour before = current;

    /**
     * Deliveries with content that ended in one hour.
     *
     * @param number hours since 1970
     * @param deliveries all that ended
     * @param cut those of which only a part was handed over
     * @param voided those of which nothing was
     */
    public record Hour(long number, long deliveries, long cut, long voided) {
        /** Whether more than {@value #MOST_PERCENT} % of at least {@value #LEAST_DELIVERIES} broke off. */
        public boolean isFlagged() {
            return deliveries >= LEAST_DELIVERIES && 100 * (cut + voided) > MOST_PERCENT * deliveries;
        }
    }

    /**
     * Counts bytes that are about to be sent, unless they pass the limit.
     *
     * @param quota whether they are of works in the token's quota; the others are counted apart
     * @return whether they may be sent
     */
    public synchronized boolean spend(boolean quota, long bytes, long limit) {
        long spent = quota ? listed : open;
        if (bytes > limit - spent) {
            return false;
        }
        add(quota, bytes);
        return true;
    }

    /** Takes back bytes that were counted and not handed over. */
    public synchronized void unspend(boolean quota, long bytes) {
        add(quota, -bytes);
    }

    private void add(boolean quota, long bytes) {
        if (quota) {
            listed += bytes;
        } else {
            open += bytes;
        }
    }

    /**
     * Counts a delivery that ended.
     *
     * @param now milliseconds since 1970
     * @param whole whether all was handed over
     * @param handed bytes that were
     * @return the hour so far
     */
    public synchronized Hour ended(long now, boolean whole, long handed) {
        turn(now);
        current = new Hour(
                current.number,
                current.deliveries + 1,
                current.cut + (!whole && handed > 0 ? 1 : 0),
                current.voided + (!whole && handed == 0 ? 1 : 0));
        return current;
    }

    /** The hour under way, or the one before where only that one is flagged. */
    public synchronized Hour worst(long now) {
        turn(now);
        return before.isFlagged() && !current.isFlagged() ? before : current;
    }

    private void turn(long now) {
        long number = now / HOUR;
        if (number != current.number) {
            before = number == current.number + 1 ? current : new Hour(number - 1, 0, 0, 0);
            current = new Hour(number, 0, 0, 0);
        }
    }
}
