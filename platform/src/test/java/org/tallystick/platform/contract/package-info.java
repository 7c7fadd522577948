@NullMarked
package org.tallystick.platform.contract;

import org.jspecify.annotations.NullMarked;
