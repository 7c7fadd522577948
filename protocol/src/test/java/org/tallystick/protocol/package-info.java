@NullMarked
package org.tallystick.protocol;

import org.jspecify.annotations.NullMarked;
