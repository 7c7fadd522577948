package org.tallystick.platform.delivery;

/**
 * What an edge may forget.
 *
 * @param acknowledged last sequence number of the epoch that is durable, everything before it as well; 0 for none
 * @param logSize entries in the log by then
 */
public record Acknowledgement(int epoch, long acknowledged, long logSize) {}
