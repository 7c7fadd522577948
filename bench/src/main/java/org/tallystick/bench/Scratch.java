package org.tallystick.bench;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

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
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
