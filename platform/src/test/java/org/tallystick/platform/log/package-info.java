@NullMarked
package org.tallystick.platform.log;

import org.jspecify.annotations.NullMarked;
