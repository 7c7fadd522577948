/**
 * Tests of the machinery.
 */
@NullMarked
package org.tallystick.platform.api.dispatch;

import org.jspecify.annotations.NullMarked;
