/** Tests of payout instructions on a real server. */
@NullMarked
package org.tallystick.platform.payout;

import org.jspecify.annotations.NullMarked;
