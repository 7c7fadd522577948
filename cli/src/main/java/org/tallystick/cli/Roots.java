package org.tallystick.cli;

import java.nio.file.Path;

/** Where the checkout is, as the launcher says, and where state lies in it by default. */
final class Roots {
    private Roots() {}

    /** The folder for data nobody chose a place for. */
    static Path state() {
        return Path.of(System.getProperty("tallystick.root", ".")).resolve(".tallystick");
    }
}
