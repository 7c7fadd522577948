@NullMarked
package org.tallystick.bench.sim;

import org.jspecify.annotations.NullMarked;
