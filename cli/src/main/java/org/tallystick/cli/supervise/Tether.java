package org.tallystick.cli.supervise;

import java.io.IOException;
import java.io.InputStream;

/**
 * A child's end of the pipe to its supervisor. Nothing is ever written to it; it closes when the supervisor is gone, be
 * it by kill -9, and then the child leaves too.
 */
public final class Tether {
    private Tether() {}

    /** Runs the action once the stream ends; returns at once. */
    public static void hold(InputStream pipe, Runnable whenGone) {
        Thread.ofPlatform().daemon().name("tether").start(() -> {
            awaitEnd(pipe);
            whenGone.run();
        });
    }

    private static void awaitEnd(InputStream pipe) {
        try {
            byte[] ignored = new byte[64];
            int read = 0;
            while (read >= 0) {
                read = pipe.read(ignored);
            }
        } catch (IOException e) {
            // A pipe that breaks has ended as surely as one that closes.
            return;
        }
    }
}
