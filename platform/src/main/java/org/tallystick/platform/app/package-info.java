/**
 * The whole platform put together: configuration, and one class that makes every part once, top to bottom.
 *
 * <p>Invariants: the only package that sees all rooms; nothing is made anywhere else; what is opened is closed in
 * reverse. Read {@link org.tallystick.platform.app.Platform} first.
 */
@NullMarked
package org.tallystick.platform.app;

import org.jspecify.annotations.NullMarked;
