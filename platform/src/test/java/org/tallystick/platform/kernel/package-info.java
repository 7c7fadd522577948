@NullMarked
package org.tallystick.platform.kernel;

import org.jspecify.annotations.NullMarked;
