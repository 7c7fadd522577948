package org.tallystick.platform.ledger;

/**
 * Something in the ledger's tables that is not what the rest of them say. Immutable.
 *
 * @param kind stable slug: {@code debits}, {@code credits}, {@code negative}, {@code unknown-account}, {@code currency},
 *     {@code unknown-group} or {@code digest}
 * @param subject the account's name, or the group's or transfer's id in hex
 * @param expected what the rest of the tables come to, in micros where it is an amount
 * @param found what is stored
 */
public record Difference(String kind, String subject, String expected, String found) {}
