/**
 * Tests of {@code protocol.codec}, and what other modules' tests borrow from them.
 */
@NullMarked
package org.tallystick.protocol.codec;

import org.jspecify.annotations.NullMarked;
