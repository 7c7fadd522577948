@NullMarked
package org.tallystick.platform.db;

import org.jspecify.annotations.NullMarked;
