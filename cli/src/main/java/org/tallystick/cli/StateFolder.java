package org.tallystick.cli;

import java.nio.file.Path;

/** Finds the folder {@code .tallystick} in the checkout, where commands keep data by default. */
final class StateFolder {
    private StateFolder() {}

    /**
     * The default folder for data. The launcher passes the checkout in the system property {@code tallystick.root};
     * without it, the working directory is used.
     */
    static Path state() {
        return Path.of(System.getProperty("tallystick.root", ".")).resolve(".tallystick");
    }
}
