package org.tallystick.cli.content;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.tallystick.protocol.codec.Reasons;

/** A ZIP archive. Nothing is unpacked to disk, so that a file name in the archive cannot do harm. */
final class ZipContent implements ContentSource {
    private final String name;
    private final Path file;
    private final ZipFile zip;

    ZipContent(String name, Path file) throws IOException {
        this.name = name;
        this.file = file;
        this.zip = open(file);
    }

    /** A name is UTF-8 where its entry says so (bit 11 of its flags), else in the PC's old code page, by ZIP's own definition. */
    private static ZipFile open(Path file) throws IOException {
        try {
            return new ZipFile(file.toFile(), Charset.forName("IBM437"));
        } catch (ZipException e) {
            throw new IOException("the file " + file + " is neither a folder nor a ZIP: " + Reasons.of(e), e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String location() {
        return file.toString();
    }

    /**
     * Lists the entries. A checksum of a ZIP entry has only 32 bits; archive time and size are added to recognise
     * changes.
     */
    @Override
    public Listing list() throws IOException {
        String archive = Files.size(file) + " " + Files.getLastModifiedTime(file) + " ";
        List<WorkFile> files = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        zip.stream().filter(entry -> !entry.isDirectory()).forEach(entry -> {
            String path = textOf(entry);
            if (path.isEmpty()) {
                skipped.add(new Skipped(PathText.ofText(entry.getName()), "a name without letters"));
            } else if (!seen.add(path)) {
                skipped.add(new Skipped(path, "the archive has another entry of this name"));
            } else {
                int slash = path.indexOf('/');
                String folder = slash < 0 ? "" : path.substring(0, slash);
                String stamp = archive + entry.getSize() + " " + entry.getCrc();
                files.add(new WorkFile(folder, path, stamp, () -> zip.getInputStream(entry)));
            }
        });
        files.sort(Comparator.comparing(WorkFile::path));
        skipped.sort(Comparator.comparing(Skipped::path));
        return new Listing(files, skipped);
    }

    private static String textOf(ZipEntry entry) {
        return String.join(
                "/",
                Arrays.stream(entry.getName().split("/"))
                        .filter(part -> !part.isEmpty() && !part.equals("."))
                        .map(PathText::ofText)
                        .toList());
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
