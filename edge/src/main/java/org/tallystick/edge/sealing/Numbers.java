package org.tallystick.edge.sealing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tallystick.edge.disk.Disk;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/**
 * The sequence numbers of one epoch. None is used before a block that holds it is reserved on disk, so that after a
 * crash numbering goes on past everything that may have been promised: a crash leaves a gap anyone can see, and never
 * the same number twice. A clean stop gives the unused rest back. Used by one thread at a time.
 */
final class Numbers {
    private static final long MOST = Long.MAX_VALUE >> 11;

    private final Disk disk;
    private final Path file;
    private final int block;
    private long next;
    private long reserved;
    private boolean used;

    private Numbers(Disk disk, Path file, int block, long next) {
        this.disk = disk;
        this.file = file;
        this.block = block;
        this.next = next;
        this.reserved = next - 1;
    }

    /** Begins the numbers of a new epoch at 1. */
    static Numbers create(Disk disk, Path file, int block) throws IOException {
        Numbers numbers = new Numbers(disk, file, block, 1);
        numbers.write(Json.object().put("next", 1).build());
        return numbers;
    }

    /**
     * Goes on after the last stop.
     *
     * @param lastFound the last number found in the spool
     * @throws IOException where the file cannot be read
     * @throws MalformedException where it does not say what was used: the epoch must not be used again
     */
    static Numbers open(Disk disk, Path file, int block, long lastFound) throws IOException {
        Fields fields = Fields.of(Json.parseObject(Files.readAllBytes(file)), "numbers");
        long next = fields.optionalInteger("next", 1, MOST).orElseGet(() -> fields.integer("reserved", 0, MOST) + 1);
        fields.noOthers();
        return new Numbers(disk, file, block, Math.max(next, lastFound + 1));
    }

    /**
     * Takes numbers, reserving more where needed.
     *
     * @return the first of them
     */
    long take(int count) throws IOException {
        if (next + count - 1 > reserved) {
            long until = next + Math.max(block, count) - 1;
            write(Json.object().put("reserved", until).build());
            reserved = until;
            used = true;
        }
        long first = next;
        next += count;
        return first;
    }

    /** Gives the reserved numbers that were not used back, on disk. */
    void close() throws IOException {
        if (used) {
            write(Json.object().put("next", next).build());
            reserved = next - 1;
            used = false;
        }
    }

    private void write(Json.Obj state) throws IOException {
        disk.replace(file, Jcs.bytes(state), false);
    }
}
