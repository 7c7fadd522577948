package org.tallystick.platform.catalog;

import java.time.Instant;
import java.util.Objects;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.receipt.ContentId;

/**
 * That somebody of the platform has read a work's bytes past every edge, where no receipt comes of it.
 *
 * @param position of its entry in the log
 * @param first byte that was read
 * @param bytes at most so many, from there
 * @param at when
 */
public record WorkRead(ContentId content, PartyId reader, long first, long bytes, long position, Instant at) {
    public WorkRead {
        Objects.requireNonNull(content);
        Objects.requireNonNull(reader);
        Objects.requireNonNull(at);
    }
}
