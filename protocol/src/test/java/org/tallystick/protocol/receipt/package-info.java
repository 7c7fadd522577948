/**
 * Tests of {@code protocol.receipt}, and what other modules' tests borrow from them.
 */
@NullMarked
package org.tallystick.protocol.receipt;

import org.jspecify.annotations.NullMarked;
