/**
 * Tests of {@code protocol.pricing}, and what other modules' tests borrow from them.
 */
@NullMarked
package org.tallystick.protocol.pricing;

import org.jspecify.annotations.NullMarked;
