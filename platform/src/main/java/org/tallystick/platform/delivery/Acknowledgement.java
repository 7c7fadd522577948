package org.tallystick.platform.delivery;

/**
 * How far an edge's batches are durable here: it may delete its own copies up to there.
 *
 * @param acknowledged last sequence number of the epoch that is durable, everything before it as well; 0 for none
 * @param logSize entries in the log by then
 */
public record Acknowledgement(int epoch, long acknowledged, long logSize) {}
