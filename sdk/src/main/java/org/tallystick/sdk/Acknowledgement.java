package org.tallystick.sdk;

import org.tallystick.protocol.codec.Fields;

/**
 * The platform's answer that shipped batches are stored durably.
 *
 * @param epoch the edge's epoch
 * @param acknowledged all sequence numbers of the epoch up to this one are stored
 * @param logSize entries of the log
 */
public record Acknowledgement(int epoch, long acknowledged, long logSize) {
    static Acknowledgement of(Fields fields) {
        return new Acknowledgement(
                (int) fields.integer("epoch", 1, Integer.MAX_VALUE),
                fields.integer("acknowledged", 0, Long.MAX_VALUE >> 11),
                fields.integer("log_size", 0, Long.MAX_VALUE >> 11));
    }
}
