package org.tallystick.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tallystick.platform.kernel.FileTree;

/**
 * A folder for one benchmark, gone afterwards.
 *
 * @param path the folder
 */
public record Scratch(Path path) implements AutoCloseable {

    /** Below the launcher's state folder, so that it lies on the disk the product would use. */
    public static Scratch open() throws IOException {
        Path state = Files.createDirectories(Path.of(System.getProperty("tallystick.root", "."), ".tallystick"));
        return new Scratch(Files.createTempDirectory(state, "bench"));
    }

    @Override
    public void close() throws IOException {
        FileTree.delete(path);
    }
}
