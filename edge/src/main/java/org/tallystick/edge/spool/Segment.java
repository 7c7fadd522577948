package org.tallystick.edge.spool;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One spool file as the running edge knows it. The sealer moves {@link #length} forward once bytes are synced; the
 * shipper reads no further.
 */
final class Segment {
    private static final Pattern NAME = Pattern.compile("(\\d{10})-(\\d{19})\\.seg");

    private final Path file;
    private volatile long length;

    Segment(Path file, long length) {
        this.file = file;
        this.length = length;
    }

    /** The file name of the segment whose leaves begin at or after a sequence number; sorts by epoch and number. */
    static String name(int epoch, long first) {
        return String.format(Locale.ROOT, "%010d-%019d.seg", epoch, first);
    }

    /** The epoch in a file name, unless it names no segment. */
    static Optional<Integer> epochOf(Path file) {
        Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
        return name.matches() ? Optional.of(Integer.parseInt(name.group(1))) : Optional.empty();
    }

    Path file() {
        return file;
    }

    /** Bytes that are synced. */
    long length() {
        return length;
    }

    void length(long synced) {
        length = synced;
    }
}
