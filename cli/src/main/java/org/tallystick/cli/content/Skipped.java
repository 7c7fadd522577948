package org.tallystick.cli.content;

/**
 * A file of the content that did not become a work.
 *
 * @param path where it lies
 * @param reason why, in words
 */
public record Skipped(String path, String reason) {}
