package org.tallystick.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.PackedBundle;

/** Reads blobs from the platform's folder, as an auditor with a copy of it would, and checks each against its hash. */
final class Blobs {
    private final Path folder;

    Blobs(Path folder) {
        this.folder = folder;
    }

    byte[] get(ContentId id) {
        String hex = id.hex();
        Path file = folder.resolve(hex.substring(0, 2)).resolve(hex);
        try {
            byte[] bytes = bytes(file);
            if (!ContentId.of(bytes).equals(id)) {
                throw new WrongSumException(file + " does not hold what its name says");
            }
            return bytes;
        } catch (IOException e) {
            throw new WrongSumException("the log names " + id + ", which is not among the blobs: " + Reasons.of(e));
        }
    }

    /** The bytes of a bundle, which the platform may have packed already or may be packing at this moment. */
    private byte[] bytes(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            byte[] packed = Files.readAllBytes(file.resolveSibling(file.getFileName() + ".pack"));
            return PackedBundle.decode(packed).unpack(list -> get(new ContentId(list)));
        }
    }
}
