package org.tallystick.cli.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.tallystick.cli.content.Inventory;
import org.tallystick.cli.content.Work;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;

/**
 * What the demo remembers from one start to the next: how often it ran, and which dataset version holds which content, so
 * that a second start uploads nothing.
 */
final class DemoState {
    private final Path folder;

    DemoState(Path folder) {
        this.folder = folder;
    }

    /** The number of this run, from 1. */
    int nextRun() throws IOException {
        Path file = folder.resolve("runs");
        int last = Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : 0;
        Files.writeString(file, (last + 1) + "\n");
        return last + 1;
    }

    /** The version that holds exactly these works, if one was published here before. */
    Optional<Hash> published(Inventory inventory) throws IOException {
        Path file = folder.resolve("dataset.json");
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        try {
            Fields fields = Fields.of(Json.parse(Files.readAllBytes(file)), "dataset");
            return fields.text("content").equals(fingerprint(inventory).hex())
                    ? Optional.of(Hash.ofHex(fields.text("root")))
                    : Optional.empty();
        } catch (MalformedException e) {
            return Optional.empty(); // the write was interrupted by a kill: publish again
        }
    }

    void remember(Inventory inventory, Hash root) throws IOException {
        Json.Obj dataset = Json.object()
                .put("content", fingerprint(inventory).hex())
                .put("root", root.hex())
                .build();
        Files.writeString(folder.resolve("dataset.json"), dataset + "\n");
    }

    private static Hash fingerprint(Inventory inventory) {
        StringBuilder all = new StringBuilder();
        for (Work work : inventory.works()) {
            all.append(work.creator()).append(' ').append(work.content()).append(' ');
            all.append(work.file().path()).append('\n');
        }
        return Sha256.hash(all.toString().getBytes(StandardCharsets.UTF_8));
    }
}
