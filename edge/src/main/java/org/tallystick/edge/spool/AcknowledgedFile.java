package org.tallystick.edge.spool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.edge.disk.Disk;

/**
 * The file that says how far the platform has acknowledged an epoch: a sequence number and its checksum. The checksum
 * is there because a number read too large would drop batches that nobody else holds; a number too small only ships
 * some again. Used by one thread at a time.
 */
public final class AcknowledgedFile {
    private static final Logger LOG = LoggerFactory.getLogger(AcknowledgedFile.class);

    private final Disk disk;
    private final Path file;

    /** @param dir the spool's directory */
    public AcknowledgedFile(Disk disk, Path dir, int epoch) {
        this.disk = disk;
        this.file = dir.resolve(epoch + ".ack");
    }

    /** The sequence number in the file; 0 where there is no file or its checksum does not fit. */
    public long read() throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        byte[] found = Files.readAllBytes(file);
        String text = new String(found, StandardCharsets.US_ASCII);
        try {
            long number = Long.parseLong(text.substring(0, Math.max(0, text.indexOf(' '))));
            if (Arrays.equals(encoded(number), found)) {
                return number;
            }
        } catch (NumberFormatException e) {
            LOG.debug("no number", e);
        }
        LOG.warn("{} is not what was written", file);
        return 0;
    }

    /** Replaces the file durably. */
    void write(long acknowledged) throws IOException {
        disk.replace(file, encoded(acknowledged), false);
    }

    void delete() throws IOException {
        disk.delete(file);
    }

    private static byte[] encoded(long number) {
        byte[] digits = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
        return "%d %08x"
                .formatted(number, SegmentFormat.crc(digits, 0, digits.length))
                .getBytes(StandardCharsets.US_ASCII);
    }
}
