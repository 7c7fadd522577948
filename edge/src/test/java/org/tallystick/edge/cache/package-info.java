@NullMarked
package org.tallystick.edge.cache;

import org.jspecify.annotations.NullMarked;
