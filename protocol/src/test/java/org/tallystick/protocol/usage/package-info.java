/**
 * Tests of {@code protocol.usage}, and what other packages' tests borrow from them.
 */
@NullMarked
package org.tallystick.protocol.usage;

import org.jspecify.annotations.NullMarked;
