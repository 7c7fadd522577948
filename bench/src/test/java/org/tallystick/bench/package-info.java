@NullMarked
package org.tallystick.bench;

import org.jspecify.annotations.NullMarked;
