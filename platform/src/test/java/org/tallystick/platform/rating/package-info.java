/** Tests of rating. */
@NullMarked
package org.tallystick.platform.rating;

import org.jspecify.annotations.NullMarked;
