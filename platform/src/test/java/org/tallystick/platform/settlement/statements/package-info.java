/**
 * Tests of the pure close.
 */
@NullMarked
package org.tallystick.platform.settlement.statements;

import org.jspecify.annotations.NullMarked;
