/**
 * The platform's HTTP face: {@code dispatch} is the machinery, {@code handlers} are thin actions over the rooms' façades, and
 * {@code app.Platform} says which handler is given which façade. The OpenAPI document ({@code
 * openapi.yaml}) was written first and the server is tested against it.
 *
 * <p>Invariants: one table ({@code Policy}) decides which role may call what, one class ({@code Dispatcher}) enforces it,
 * before anything is read; what is not the caller's does not exist for it; a refused request has changed nothing; every
 * error is a problem document (RFC 9457) with a specific type; a command under an {@code Idempotency-Key} is answered once
 * and the same for a day; HTTP types do not leave this room.
 *
 * <p>Trusts the rooms for what they answer and nothing a caller sends. Read {@code Policy} first, then {@code Dispatcher},
 * then any of the {@code …Actions}.
 */
@NullMarked
package org.tallystick.platform.api;

import org.jspecify.annotations.NullMarked;
