/**
 * The whole loop on real files, through the doors everybody has: register, upload, contract, train, settle, verify.
 *
 * <p>Purpose: show in one run what Tallystick is for, and fail loudly where a number does not add up. Invariants: only the
 * sdk is used to change anything; every receipt is verified offline before it counts; the report cannot be made unless
 * its money adds up to the last unit; steps may be repeated, so that a server killed at any moment changes no amount.
 * Trusts: the platform's public key, read once at the start, and nothing a server says beside it. Read first: {@link
 * org.tallystick.cli.demo.Demo}.
 */
@NullMarked
package org.tallystick.cli.demo;

import org.jspecify.annotations.NullMarked;
