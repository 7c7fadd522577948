/**
 * The whole demo on real files, through the same API and edge as every user: register, upload, contract, train, close,
 * verify.
 *
 * <p>Purpose: show in one run what Tallystick is for, and fail with a clear message where a number is wrong.
 * Invariants: only the sdk is used to change anything; every receipt is verified offline before it counts; the report
 * cannot be made unless its sums agree to the last unit; steps may be repeated, so that killing a server at any moment
 * changes no amount. Trusts: the platform's public key, read once at the start, and nothing else that a server says.
 * Read first: {@link org.tallystick.cli.demo.Demo}.
 */
@NullMarked
package org.tallystick.cli.demo;

import org.jspecify.annotations.NullMarked;
