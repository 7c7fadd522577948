package org.tallystick.protocol.codec;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Damages bytes the way disks, networks and attackers do. */
public final class Fuzz {
    private Fuzz() {}

    /** The bytes with one to three flipped, cut, doubled, inserted or exchanged runs. */
    public static byte[] mutate(SplittableRandom random, byte[] good) {
        byte[] bytes = good.clone();
        for (int i = random.nextInt(1, 4); i > 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            int end = Math.min(bytes.length, at + 1 + random.nextInt(random.nextBoolean() ? 3 : 60));
            bytes = switch (random.nextInt(6)) {
                case 0 -> flipped(bytes, at, 1 << random.nextInt(8));
                case 1 -> Arrays.copyOf(bytes, at);
                case 2 -> joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, end, bytes.length));
                case 3 -> joined(Arrays.copyOf(bytes, end), Arrays.copyOfRange(bytes, at, bytes.length));
                case 4 ->
                    joined(
                            joined(Arrays.copyOf(bytes, at), Seeds.bytes(random, 1 + random.nextInt(4))),
                            Arrays.copyOfRange(bytes, at, bytes.length));
                default -> flipped(bytes, at, random.nextInt(1, 256));
            };
        }
        return bytes;
    }

    private static byte[] flipped(byte[] bytes, int at, int mask) {
        byte[] changed = bytes.clone();
        changed[at] ^= (byte) mask;
        return changed;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
