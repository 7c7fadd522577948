/**
 * Tests of {@code protocol.log}, and what other modules' tests borrow from them.
 */
@NullMarked
package org.tallystick.protocol.log;

import org.jspecify.annotations.NullMarked;
