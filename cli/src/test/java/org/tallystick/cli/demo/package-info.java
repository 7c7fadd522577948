@NullMarked
package org.tallystick.cli.demo;

import org.jspecify.annotations.NullMarked;
