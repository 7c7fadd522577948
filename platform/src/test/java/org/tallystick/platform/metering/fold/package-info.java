/**
 * Tests of the pure fold.
 */
@NullMarked
package org.tallystick.platform.metering.fold;

import org.jspecify.annotations.NullMarked;
