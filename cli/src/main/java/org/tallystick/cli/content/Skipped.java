package org.tallystick.cli.content;

/**
 * Something in the content that became no work.
 *
 * @param path where it lies
 * @param reason in words
 */
public record Skipped(String path, String reason) {}
