/**
 * Tests of {@code protocol.sign}, and what other modules' tests borrow from them.
 */
@NullMarked
package org.tallystick.protocol.sign;

import org.jspecify.annotations.NullMarked;
