package org.tallystick.platform.app;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Predicate;
import org.tallystick.platform.kernel.PrivateFolder;

/**
 * Copies files so that what carries its final name is whole and on disk. What never changes is not copied twice, so that a
 * copy into the same place takes only what is new. One object is one copying.
 */
final class Mirror {
    private long files;
    private long bytes;

    /**
     * Copies a tree of files that never change, besides those a predicate names; a file of the same length is there already.
     *
     * @param from need not exist
     */
    void tree(Path from, Path to, Predicate<Path> besides) throws IOException {
        PrivateFolder.make(to);
        if (Files.notExists(from)) {
            return;
        }
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                if (!folder.equals(from) && besides.test(folder)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                PrivateFolder.make(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path target = to.resolve(from.relativize(file));
                boolean there = Files.exists(target) && Files.size(target) == attributes.size();
                if (there || besides.test(file)) {
                    return FileVisitResult.CONTINUE;
                }
                try {
                    file(file, target);
                } catch (NoSuchFileException e) {
                    return visitFileFailed(file, e);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE; // taken away since it was listed
                }
                throw failure;
            }
        });
    }

    /** Copies one file, replacing what was there; its permissions come along. */
    void file(Path from, Path to) throws IOException {
        Path fresh = to.resolveSibling(to.getFileName() + ".new");
        Files.copy(from, fresh, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            channel.force(true);
            bytes += channel.size();
        }
        Files.move(fresh, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        files++;
    }

    /** Copies one file like {@link #file}, if it exists. */
    void fileIfThere(Path from, Path to) throws IOException {
        if (Files.exists(from)) {
            file(from, to);
        }
    }

    /** Files copied. */
    long files() {
        return files;
    }

    /** Bytes copied. */
    long bytes() {
        return bytes;
    }
}
