package org.tallystick.platform.metering;

/**
 * Where the receipt of a work's use stands.
 *
 * @param ordinal of the work in its dataset version
 * @param position log position of the batch
 * @param index of the leaf in the batch
 */
public record Evidence(int ordinal, long position, int index) {
    public Evidence {
        if (ordinal < 0 || position < 0 || index < 0) {
            throw new IllegalArgumentException("no place: " + ordinal + ", " + position + ", " + index);
        }
    }
}
