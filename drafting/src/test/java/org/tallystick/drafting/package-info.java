@NullMarked
package org.tallystick.drafting;

import org.jspecify.annotations.NullMarked;
