@NullMarked
package org.tallystick.platform.app;

import org.jspecify.annotations.NullMarked;
