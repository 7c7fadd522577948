@NullMarked
package org.tallystick.platform;

import org.jspecify.annotations.NullMarked;
