package org.tallystick.cli.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Copies the parts of an edge that a backup needs: its identity, and the receipts it has not shipped yet. Leaves out
 * its signing keys: an edge started from a copy would sign sequence numbers that the original has used since. It begins
 * a new epoch instead.
 */
public final class EdgeCopy {
    private static final String SPOOL = "spool";

    private EdgeCopy() {}

    /**
     * Copies it from one system's folder to another's; a running edge is not disturbed. To be done before the platform is
     * copied, so that what the edge has dropped meanwhile is in the platform's log.
     *
     * @return how many files
     */
    public static int copy(Path from, Path to) throws IOException {
        Layout source = new Layout(from);
        Layout target = new Layout(to);
        int files = 0;
        for (List<Path> pair : List.of(
                List.of(source.edgeNumber(), target.edgeNumber()),
                List.of(source.edgeKey(), target.edgeKey()),
                List.of(source.edge().resolve("identity.json"), target.edge().resolve("identity.json")))) {
            files += copyFile(pair.getFirst(), pair.getLast());
        }
        Path spool = source.edge().resolve(SPOOL);
        if (Files.isDirectory(spool)) {
            try (Stream<Path> all = Files.list(spool)) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    files += copyFile(file, target.edge().resolve(SPOOL).resolve(file.getFileName()));
                }
            }
        }
        return files;
    }

    private static int copyFile(Path from, Path to) throws IOException {
        Path folder = to.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        try {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            return 1;
        } catch (NoSuchFileException e) {
            return 0; // there is no such file, or the platform has just acknowledged everything in it
        }
    }
}
