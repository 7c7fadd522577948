/**
 * Tests of the pure close.
 */
@NullMarked
package org.tallystick.platform.settlement.closing;

import org.jspecify.annotations.NullMarked;
