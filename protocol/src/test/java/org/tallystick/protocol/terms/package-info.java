/**
 * Tests of {@code protocol.terms}, and what other modules' tests borrow from them.
 */
@NullMarked
package org.tallystick.protocol.terms;

import org.jspecify.annotations.NullMarked;
