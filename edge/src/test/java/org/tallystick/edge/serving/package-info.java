@NullMarked
package org.tallystick.edge.serving;

import org.jspecify.annotations.NullMarked;
