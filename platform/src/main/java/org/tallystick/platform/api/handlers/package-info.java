/**
 * Thin handlers: each turns a request into one call of a room's façade and its outcome into an answer.
 *
 * <p>Invariants: no decision about money, rights or usage is taken here. Trusts the machinery to have checked the caller. Read
 * {@link org.tallystick.platform.api.handlers.DatasetActions} first.
 */
@NullMarked
package org.tallystick.platform.api.handlers;

import org.jspecify.annotations.NullMarked;
