package org.tallystick.cli.content;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tallystick.protocol.codec.Reasons;

/** A directory tree, also that of the JDK's own image. Links are passed over, never followed. */
final class FolderContent implements ContentSource {
    private final String name;
    private final Path root;

    FolderContent(String name, Path root) {
        this.name = name;
        this.root = root;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String location() {
        return root.toString();
    }

    @Override
    public Listing list() throws IOException {
        if (!Files.isReadable(root)) {
            throw new IOException("the folder " + root + " cannot be read");
        }
        List<WorkFile> files = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String path = textOf(file);
                if (attributes.isSymbolicLink()) {
                    skipped.add(new Skipped(path, "a symbolic link is not followed"));
                } else if (attributes.isRegularFile()) {
                    int slash = path.indexOf('/');
                    String folder = slash < 0 ? "" : path.substring(0, slash);
                    String stamp = attributes.size() + " " + attributes.lastModifiedTime() + " " + attributes.fileKey();
                    files.add(new WorkFile(folder, path, stamp, () -> open(file)));
                } else {
                    skipped.add(new Skipped(path, "not a regular file"));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                skipped.add(new Skipped(textOf(file), reason(failure)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
                if (e != null) {
                    skipped.add(new Skipped(textOf(folder) + "/", reason(e)));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(Comparator.comparing(WorkFile::path));
        skipped.sort(Comparator.comparing(Skipped::path));
        return new Listing(files, skipped);
    }

    private static InputStream open(Path file) throws IOException {
        // The file may have become a link since it was listed.
        return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
    }

    private String textOf(Path file) {
        List<String> names = new ArrayList<>();
        for (Path part : root.relativize(file)) {
            names.add(PathText.of(part));
        }
        return String.join("/", names);
    }

    static String reason(IOException failure) {
        return failure instanceof AccessDeniedException ? "no permission to read it" : Reasons.of(failure);
    }

    @Override
    public void close() {
        // Nothing is held open between readings.
    }
}
