@NullMarked
package org.tallystick.platform.delivery;

import org.jspecify.annotations.NullMarked;
