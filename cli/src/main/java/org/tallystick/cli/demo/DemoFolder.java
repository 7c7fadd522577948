package org.tallystick.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tallystick.platform.kernel.FileTree;

/**
 * Prepares the demo's data folder. Touches only a folder that carries the mark of an earlier demo, so that a mistyped
 * option deletes nobody's files.
 */
final class DemoFolder {
    private static final String MARK = ".tallystick-demo";

    private DemoFolder() {}

    /**
     * Makes the folder if it is missing and marks it as a demo's.
     *
     * @param fresh whether to delete what an earlier demo left in it
     */
    static void prepare(Path folder, boolean fresh) throws IOException {
        boolean ours = Files.exists(folder.resolve(MARK));
        if (Files.exists(folder) && !ours && !isEmpty(folder)) {
            throw new IOException(folder + " holds files that no demo put there; name an empty folder with --data");
        }
        if (ours && fresh) {
            FileTree.delete(folder);
        }
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(MARK), "A demo of Tallystick. Everything in this folder may be deleted.\n");
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }
}
