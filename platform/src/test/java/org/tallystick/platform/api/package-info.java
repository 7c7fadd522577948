@NullMarked
package org.tallystick.platform.api;

import org.jspecify.annotations.NullMarked;
