package org.tallystick.cli.content;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.ContentId;

/**
 * Remembers the content ids of files, so that unchanged content is not read again. If one file was added, changed or
 * removed, nothing is reused. Stored as a file of lines: a hash over the listing and the other lines, then content id
 * and length of each file in its order.
 */
final class ContentCache {
    private final Path memory;

    ContentCache(Path memory) {
        this.memory = memory;
    }

    /**
     * What is known of one file.
     *
     * @param content its content id
     * @param bytes its length
     */
    record Known(ContentId content, long bytes) {
        private String line() {
            return content + " " + bytes;
        }

        private static Known of(String line) {
            int space = line.indexOf(' ');
            return new Known(
                    ContentId.parse(line.substring(0, space)), Long.parseLong(line, space + 1, line.length(), 10));
        }
    }

    /** What is known of these files, in their order; empty where any of them has changed. */
    Optional<List<Known>> recall(List<WorkFile> files) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(memory, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        List<String> identities = lines.stream().skip(1).toList();
        return identities.size() == files.size() && lines.getFirst().equals(seal(files, identities))
                ? Optional.of(identities.stream().map(Known::of).toList())
                : Optional.empty();
    }

    /** Stores what is known of these files, in place of everything stored before. */
    void keep(List<WorkFile> files, List<Known> identities) throws IOException {
        List<String> lines =
                new ArrayList<>(identities.stream().map(Known::line).toList());
        lines.addFirst(seal(files, lines));
        Path fresh = memory.resolveSibling(memory.getFileName() + ".new");
        Files.write(fresh, lines, StandardCharsets.ISO_8859_1);
        Files.move(fresh, memory, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A hash over the listing and what is known of it; each text ends with a byte that no UTF-8 has. */
    private static String seal(List<WorkFile> files, List<String> identities) {
        MessageDigest digest = Sha256.newDigest();
        Stream.concat(files.stream().flatMap(file -> Stream.of(file.path(), file.stamp())), identities.stream())
                .forEach(text -> {
                    digest.update(text.getBytes(StandardCharsets.UTF_8));
                    digest.update((byte) 0xFF);
                });
        return Hash.of(digest.digest()).hex();
    }
}
