package org.tallystick.cli.content;

import org.tallystick.protocol.receipt.ContentId;

/**
 * A distinct work with its owner.
 *
 * @param creator party id of the creator
 * @param content what it is
 * @param bytes how long it is
 * @param file where it was found first
 */
public record Work(String creator, ContentId content, long bytes, WorkFile file) {}
