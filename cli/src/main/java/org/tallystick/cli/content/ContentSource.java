package org.tallystick.cli.content;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where works come from. Listing is repeatable and its order is the same on every machine. */
public sealed interface ContentSource extends AutoCloseable permits FolderContent, ZipContent {

    /** Its name. Files that lie in no folder belong to a creator of this name. */
    String name();

    /** Where it is, for messages. */
    String location();

    /** All files, and all entries that were skipped, both in path order. */
    Listing list() throws IOException;

    @Override
    void close() throws IOException;

    /** What a source holds. */
    record Listing(List<WorkFile> files, List<Skipped> skipped) {
        public Listing {
            files = List.copyOf(files);
            skipped = List.copyOf(skipped);
        }
    }

    /**
     * Opens a folder or a ZIP; without one, the sources of the running JDK, or its class files where it ships none.
     *
     * @throws IOException with a sentence that names the file where it is neither
     */
    static ContentSource open(Optional<Path> content) throws IOException {
        if (content.isPresent()) {
            return ofPath(content.get());
        }
        Path sources = Path.of(System.getProperty("java.home"), "lib", "src.zip");
        if (Files.isRegularFile(sources)) {
            return new ZipContent("jdk", sources);
        }
        Path image = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");
        return new FolderContent("jdk", image);
    }

    private static ContentSource ofPath(Path path) throws IOException {
        Path real = path.toAbsolutePath().normalize();
        String name = Optional.ofNullable(real.getFileName()).map(PathText::of).orElse("content");
        if (Files.isDirectory(real)) {
            return new FolderContent(name, real);
        }
        if (!Files.exists(real)) {
            throw new IOException("there is no file or folder " + path);
        }
        return new ZipContent(name.replaceFirst("(?i)\\.(zip|jar)$", ""), real);
    }
}
