@NullMarked
package org.tallystick.bench.soak;

import org.jspecify.annotations.NullMarked;
