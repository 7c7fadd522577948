package org.tallystick.cli.supervise;

import java.io.IOException;
import java.io.InputStream;

/**
 * The child's end of a pipe from its supervisor. Nothing is written to it. It closes when the supervisor ends, even by
 * kill -9, and then the child ends too.
 */
public final class ParentPipe {
    private ParentPipe() {}

    /** Runs the action when the pipe closes. Returns at once. */
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
            // an error while reading also means that the supervisor is gone
            return;
        }
    }
}
