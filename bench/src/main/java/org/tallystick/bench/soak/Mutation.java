package org.tallystick.bench.soak;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Makes nearly valid input from valid input, by one to four small changes. */
final class Mutation {
    private static final int[] BYTES = {0, 1, 0x7f, 0x80, 0xff, '"', '{', '}', '[', ',', ':', '\\', '\n', '-', 'e', '9'
    };
    private static final List<byte[]> WORDS = List.of(
            bytes("null"),
            bytes("1e999"),
            bytes("\\ud800"),
            bytes("18446744073709551616"),
            bytes("\"\":"),
            bytes("[[[["));

    private final SplittableRandom random;

    Mutation(SplittableRandom random) {
        this.random = random;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    byte[] of(List<byte[]> examples) {
        byte[] input = examples.get(random.nextInt(examples.size())).clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            input = changed(input, examples);
        }
        return input;
    }

    private byte[] changed(byte[] in, List<byte[]> examples) {
        if (in.length == 0) {
            return new byte[] {(byte) random.nextInt(256)};
        }
        int at = random.nextInt(in.length);
        return switch (random.nextInt(8)) {
            case 0, 1 -> {
                in[at] ^= (byte) (1 << random.nextInt(8));
                yield in;
            }
            case 2, 3 -> {
                in[at] = (byte) BYTES[random.nextInt(BYTES.length)];
                yield in;
            }
            case 4 -> Arrays.copyOf(in, at);
            case 5 -> joined(in, at, WORDS.get(random.nextInt(WORDS.size())), at);
            case 6 -> joined(in, at, new byte[0], at + random.nextInt(in.length - at)); // removes a part
            default -> {
                byte[] other = examples.get(random.nextInt(examples.size()));
                int from = random.nextInt(other.length + 1);
                byte[] piece = Arrays.copyOfRange(other, from, Math.min(other.length, from + random.nextInt(64)));
                yield joined(in, at, piece, at);
            }
        };
    }

    /** The bytes before {@code to}, then {@code between}, then the bytes from {@code from} on. */
    private static byte[] joined(byte[] in, int to, byte[] between, int from) {
        byte[] out = Arrays.copyOf(in, to + between.length + in.length - from);
        System.arraycopy(between, 0, out, to, between.length);
        System.arraycopy(in, from, out, to + between.length, in.length - from);
        return out;
    }
}
