package org.tallystick.platform.delivery;

/**
 * Sequence numbers an edge reserved and then never used, as after a crash: its own chain of signed headers passes over
 * them.
 *
 * @param first the first number missing
 * @param last the last number missing
 * @param position log position of the batch that shows it
 */
public record Gap(int edge, int epoch, long first, long last, long position) {
    public Gap {
        if (first < 1 || last < first) {
            throw new IllegalArgumentException("a gap of " + first + " to " + last);
        }
    }
}
