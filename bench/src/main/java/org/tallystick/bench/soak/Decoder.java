package org.tallystick.bench.soak;

import java.util.List;

/**
 * A function that reads bytes from outside.
 *
 * @param name what people call it
 * @param examples valid inputs, at least one
 * @param read reads one input; refuses it with a {@link org.tallystick.protocol.codec.MalformedException}
 */
record Decoder(String name, List<byte[]> examples, Reading read) {
    Decoder {
        examples = List.copyOf(examples);
        if (examples.isEmpty()) {
            throw new IllegalArgumentException("there is nothing to begin with for " + name);
        }
    }

    /** Reads one input. */
    @FunctionalInterface
    interface Reading {
        void read(byte[] input);
    }
}
