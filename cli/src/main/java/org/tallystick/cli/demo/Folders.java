package org.tallystick.cli.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Prepares the demo's folder, and only one that a demo made: nobody's files are lost to a mistyped option. */
final class Folders {
    private static final String MARK = ".tallystick-demo";

    private Folders() {}

    /**
     * Leaves a marked folder.
     *
     * @param fresh whether to clear what an earlier demo left
     */
    static void prepare(Path folder, boolean fresh) throws IOException {
        boolean ours = Files.exists(folder.resolve(MARK));
        if (Files.exists(folder) && !ours && !isEmpty(folder)) {
            throw new IOException(folder + " holds files that no demo put there; name an empty folder with --data");
        }
        if (ours && fresh) {
            delete(folder);
        }
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(MARK), "A demo of Tallystick. Everything in this folder may be deleted.\n");
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
