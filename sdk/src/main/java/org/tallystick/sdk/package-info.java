/**
 * The client: the platform's whole HTTP API, typed, and deliveries from an edge, verified before they are handed over.
 *
 * <p>Invariants: a command is sent with one {@code Idempotency-Key} however often it is tried; nothing an edge delivers
 * is handed over before its bytes, its receipt and its certificate have been verified offline; secrets are written to
 * files only their owner can read and never to messages.
 *
 * <p>Trusts the platform's public key, once pinned, and nothing else: not the edge, not the network, and of the
 * platform only what it has signed. Read {@link org.tallystick.sdk.TallystickClient} first, then {@link
 * org.tallystick.sdk.EdgeClient}.
 */
@NullMarked
package org.tallystick.sdk;

import org.jspecify.annotations.NullMarked;
