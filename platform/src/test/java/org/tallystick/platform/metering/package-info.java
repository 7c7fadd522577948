/** Tests of metering: against a model that recomputes from a plain list of deliveries, DuckDB, and a real server. */
@NullMarked
package org.tallystick.platform.metering;

import org.jspecify.annotations.NullMarked;
